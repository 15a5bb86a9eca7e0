using NodaTime;
using Xentree.Domain;

namespace Xentree.Api.Features.Live.Socket;

/// <summary>
/// The business clock of a socket. For a sandbox user it runs on from where theirs stood when the socket was opened, and follows when a
/// request moves theirs ahead of it.
/// </summary>
internal sealed class LiveClock(TimeProvider time, Instant? sandboxNow)
{
    private readonly Lock _lock = new();
    private Duration _ahead = sandboxNow is { } at ? at - time.Now : Duration.Zero;

    public Instant Now
    {
        get
        {
            lock (_lock) return time.Now + _ahead;
        }
    }

    /// <summary>Goes to an instant unless it is there already.</summary>
    public void Follow(Instant instant)
    {
        if (sandboxNow is null) return;

        lock (_lock) _ahead = Duration.Max(_ahead, instant - time.Now);
    }
}
