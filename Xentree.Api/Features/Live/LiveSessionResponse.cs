using NodaTime;
using Xentree.Data.Live;
using Xentree.Domain.Live;

namespace Xentree.Api.Features.Live;

/// <summary>A live session.</summary>
public sealed record LiveSessionResponse : IExample<LiveSessionResponse>
{
    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>How it is held.</summary>
    public required LiveSessionType SessionType { get; init; }

    /// <summary><c>active</c>; <c>ended</c> by you or by the end of the quota; <c>expired</c> when no heartbeat came.</summary>
    public required LiveStatus Status { get; init; }

    /// <summary>How the tutor calls you.</summary>
    public required string? Nickname { get; init; }

    /// <summary>When it started.</summary>
    public required Instant StartedAt { get; init; }

    /// <summary>The last heartbeat; at first the start.</summary>
    public required Instant LastHeartbeatAt { get; init; }

    /// <summary>The instant that it is charged to, once it is finished.</summary>
    public required Instant? EndedAt { get; init; }

    /// <summary>Seconds that it is charged; while it goes on, up to the last heartbeat or frame.</summary>
    public required long DurationSeconds { get; init; }

    /// <summary>Seconds that are left of the month's quota.</summary>
    public required long RemainingSeconds { get; init; }

    /// <summary>How often to send a heartbeat, in seconds.</summary>
    public required int HeartbeatIntervalSeconds { get; init; }

    /// <summary>When the quota ends the session, if nothing else does before.</summary>
    public required Instant ExpiresAt { get; init; }

    /// <summary>The address of the conversation; null once the session is finished.</summary>
    public required string? SocketUrl { get; init; }

    /// <summary>What opens it, once and within 60 seconds; null once the session is finished.</summary>
    public required string? SocketToken { get; init; }

    /// <inheritdoc/>
    public static LiveSessionResponse Example { get; } = new()
    {
        SessionId = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2e01"),
        SessionType = LiveSessionType.Text,
        Status = LiveStatus.Active,
        Nickname = "Ana",
        StartedAt = Instant.FromUtc(2026, 3, 12, 17, 0),
        LastHeartbeatAt = Instant.FromUtc(2026, 3, 12, 17, 0, 15),
        EndedAt = null,
        DurationSeconds = 15,
        RemainingSeconds = 1_785,
        HeartbeatIntervalSeconds = 15,
        ExpiresAt = Instant.FromUtc(2026, 3, 12, 17, 30),
        SocketUrl = "wss://xentree.example.org/api/live/session/01981f6e-8f00-7c3a-9a51-3f6f1c0d2e01/socket",
        SocketToken = "0b3m5Qq9c3aVx0Yw3hD0bRk1YfJwq7m4n8t2v6y0z1A",
    };

    /// <summary>The session as its owner sees it.</summary>
    internal static LiveSessionResponse Of(LiveSessionRow row, string? nickname, LiveRules rules, string? token, string socketUrl)
    {
        var isActive = row.Status == LiveStatus.Active;
        return new()
        {
            SessionId = row.Id,
            SessionType = row.Type,
            Status = row.Status,
            Nickname = nickname,
            StartedAt = row.StartedAt,
            LastHeartbeatAt = row.HeartbeatAt,
            EndedAt = row.FinishedAt,
            DurationSeconds = row.ChargedSeconds,
            RemainingSeconds = row.RemainingSeconds,
            HeartbeatIntervalSeconds = rules.HeartbeatSeconds,
            ExpiresAt = row.ToSession().ExpiresAt(row.QuotaSeconds),
            SocketUrl = isActive ? socketUrl : null,
            SocketToken = isActive ? token : null,
        };
    }

    /// <summary>The address of a session's socket, on the host that was asked.</summary>
    internal static string SocketUrlOf(Guid sessionId, HttpRequest request) =>
        $"{(request.IsHttps ? "wss" : "ws")}://{request.Host}{request.PathBase}/api/live/session/{sessionId}/socket";
}
