using System.ComponentModel.DataAnnotations;

namespace Xentree.Api.Features.Live.Socket;

/// <summary>Settings of the sockets of live sessions (section <c>Live</c>).</summary>
public sealed class LiveSocketOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Live";

    /// <summary>For how many seconds a client may leave a frame unread until its socket is closed.</summary>
    [Range(1, 300)]
    public int SendSeconds { get; init; } = 10;

    /// <summary>How often a socket looks whether its session was ended elsewhere, in seconds.</summary>
    [Range(1, 60)]
    public int LookSeconds { get; init; } = 5;
}
