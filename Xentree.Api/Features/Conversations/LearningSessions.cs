using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Conversations;
using Xentree.Data.Learning;
using Xentree.Domain.LearningTime;

namespace Xentree.Api.Features.Conversations;

/// <summary>A signal of a learning session. The body may be left out.</summary>
public sealed record SessionSignalRequest : IExample<SessionSignalRequest>
{
    /// <summary>When it happened, for a client that was offline: at most 72 hours ago to count for the day on which it happened. Now when absent.</summary>
    public Instant? OccurredAt { get; init; }

    /// <inheritdoc/>
    public static SessionSignalRequest Example { get; } = new() { OccurredAt = Instant.FromUtc(2026, 3, 12, 17, 2) };
}

/// <summary>The learning session of a conversation.</summary>
public sealed record LearningSessionResponse : IExample<LearningSessionResponse>
{
    /// <summary>The id of the session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>Whether it goes on. It ends by <c>session/end</c>, or 30 minutes after its last signal.</summary>
    public required LearningSessionStatus Status { get; init; }

    /// <summary>When its first signal happened.</summary>
    public required Instant StartedAt { get; init; }

    /// <summary>When its last signal happened.</summary>
    public required Instant LastActivityAt { get; init; }

    /// <summary>When it ended: at its last signal, whatever ended it; null while it goes on.</summary>
    public required Instant? EndedAt { get; init; }

    /// <summary>Learning time in whole seconds: between two signals at most 60 s of each gap count.</summary>
    public required long LearningSeconds { get; init; }

    /// <summary>XP given for minutes that were completed while it went on.</summary>
    public required long XpEarned { get; init; }

    internal static LearningSessionResponse Of(LearningSession session, long xp, Instant now) => new()
    {
        SessionId = session.Id,
        Status = session.IsOpenAt(now) ? LearningSessionStatus.Active : LearningSessionStatus.Ended,
        StartedAt = session.StartedAt,
        LastActivityAt = session.LastSignalAt,
        EndedAt = session.EndedAt(now),
        LearningSeconds = WholeSeconds.Floor(session.Counted.Total),
        XpEarned = xp,
    };

    /// <inheritdoc/>
    public static LearningSessionResponse Example { get; } = new()
    {
        SessionId = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b31"),
        Status = LearningSessionStatus.Active,
        StartedAt = Instant.FromUtc(2026, 3, 12, 17, 0),
        LastActivityAt = Instant.FromUtc(2026, 3, 12, 17, 2),
        EndedAt = null,
        LearningSeconds = 120,
        XpEarned = 10,
    };
}

/// <summary>Where a learning session stands.</summary>
public enum LearningSessionStatus
{
    /// <summary>It goes on.</summary>
    Active,

    /// <summary>It is over.</summary>
    Ended,
}

internal static class SignalSession
{
    public static Delegate Of(SignalKind kind) => (
        Guid conversationId, SessionSignalRequest? request, Caller caller, LearningWrites learning, BusinessClock clock, CancellationToken cancellation) =>
        HandleAsync(kind, conversationId, request, caller, learning, clock, cancellation);

    private static async Task<Results<Ok<LearningSessionResponse>, Failure>> HandleAsync(
        SignalKind kind, Guid conversationId, SessionSignalRequest? request, Caller caller, LearningWrites learning, BusinessClock clock, CancellationToken cancellation)
    {
        return await learning.RecordSignalAsync(caller.UserId, conversationId, kind, request?.OccurredAt, clock.Now, cancellation, caller.Owner) switch
        {
            SignalOutcome.Recorded recorded => TypedResults.Ok(LearningSessionResponse.Of(recorded.Session, recorded.Xp, clock.Now)),
            SignalOutcome.NoConversation => Failures.NotFound,
            SignalOutcome.Refused refused => Failures.Validation("occurred_at", refused.Reason),
            _ => Failures.SessionEnded,
        };
    }
}

internal static class GetSessionStatus
{
    public static async Task<Results<Ok<LearningSessionResponse>, Failure>> HandleAsync(
        Guid conversationId, Caller caller, XentreeDbContext context, SessionReads sessions, CancellationToken cancellation)
    {
        if (!await context.ConversationsOf(caller.Owner).AnyAsync(c => c.Id == conversationId, cancellation)) return Failures.NotFound;

        return await sessions.LastAsync(caller.UserId, conversationId, cancellation) is { } session
            ? TypedResults.Ok(await sessions.ToResponseAsync(caller.UserId, session, cancellation))
            : Failures.NotFound;
    }
}

/// <summary>Reads the learning sessions of a conversation, which nobody stores: they follow from its signals.</summary>
internal sealed class SessionReads(XentreeDbContext context, LearningRules rules, BusinessClock clock)
{
    /// <summary>The session that began last; null where the conversation had none.</summary>
    public async Task<LearningSession?> LastAsync(Guid userId, Guid conversationId, CancellationToken cancellation)
    {
        var signals = await context.SessionSignals.AsNoTracking()
            .Where(s => s.UserId == userId && s.ConversationId == conversationId)
            .OrderBy(s => s.Order)
            .ToListAsync(cancellation);
        return signals.Count == 0 ? null : LearningSession.Of(signals.Select(s => s.ToSignal()), rules.Xp)[^1];
    }

    /// <summary>A session as it stands now.</summary>
    public async Task<LearningSessionResponse> ToResponseAsync(Guid userId, LearningSession session, CancellationToken cancellation)
    {
        var (from, to, now) = (session.StartedAt, session.LastSignalAt, clock.Now);
        var xp = await context.XpLedger
            .Where(row => row.UserId == userId && row.Source == Domain.Xp.XpSource.Conversations && row.At > from && row.At <= to)
            .SumAsync(row => row.Amount, cancellation);
        return LearningSessionResponse.Of(session, xp, now);
    }
}
