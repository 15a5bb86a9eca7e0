using NodaTime;

namespace Xentree.Domain;

/// <summary>How the real clock is read: instants to the millisecond, ids in the order of the clock.</summary>
public static class Clock
{
    extension(TimeProvider time)
    {
        /// <summary>The present instant, cut to the millisecond, so that it survives JSON and the database unchanged.</summary>
        public Instant Now => Instant.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

        /// <summary>A new id: UUID version 7 (RFC 9562), which sorts by the real clock.</summary>
        public Guid NewId() => Guid.CreateVersion7(time.GetUtcNow());
    }
}
