using NodaTime;
using Xentree.Domain;

namespace Xentree.Api.Http.TimeTravel;

/// <summary>
/// The clock of days, quests, quotas and sessions. It is the real one, except for the request of a sandbox user, where it stands
/// where that user's clock stands. Tokens, limits, ids and logs ask <see cref="TimeProvider"/>.
/// </summary>
public sealed class BusinessClock(TimeProvider time)
{
    private Instant? _standsAt;

    /// <summary>The present instant, to the millisecond.</summary>
    public Instant Now => _standsAt ?? time.Now;

    /// <summary>Stops the clock at an instant for the rest of the request.</summary>
    public void StandAt(Instant instant) => _standsAt = instant;
}
