using NodaTime;
using Xentree.Domain.Xp;

namespace Xentree.Domain.LearningTime;

/// <summary>
/// A learning session of a conversation (X2), derived from the conversation's signals: put in order by when they happened, cut
/// where one ends it and where two lie too far apart. Nobody stores it, so a late signal can extend, join or add sessions.
/// </summary>
public sealed record LearningSession
{
    private LearningSession(IReadOnlyList<Recorded> signals, XpRules rules)
    {
        Id = signals.MinBy(signal => signal.Order).Signal.Id;
        StartedAt = signals[0].Signal.OccurredAt;
        LastSignalAt = signals[^1].Signal.OccurredAt;
        WasEnded = signals[^1].Signal.Kind == SignalKind.End;
        ClosesAt = WasEnded ? LastSignalAt : LastSignalAt + Duration.FromSeconds(rules.SessionEndSeconds);

        var gap = Duration.FromSeconds(rules.GapSeconds);
        Counted = TimeUnion.Of(signals.Zip(signals.Skip(1), (one, next) =>
            new Interval(one.Signal.OccurredAt, Instant.Min(next.Signal.OccurredAt, one.Signal.OccurredAt + gap))));
    }

    /// <summary>The id of its first recorded signal: it stays when a late signal puts an earlier beginning before it.</summary>
    public Guid Id { get; }

    /// <summary>When its first signal happened.</summary>
    public Instant StartedAt { get; }

    /// <summary>When its last signal happened: nothing counts after it, until the next.</summary>
    public Instant LastSignalAt { get; }

    /// <summary>Whether an end closed it, and not silence.</summary>
    public bool WasEnded { get; }

    /// <summary>The first instant at which it is no longer open.</summary>
    public Instant ClosesAt { get; }

    /// <summary>The time that counts: between two signals all of a gap of up to 60 s, of a longer one its first 60 s.</summary>
    public TimeUnion Counted { get; }

    /// <summary>Whether it is open at an instant.</summary>
    /// <param name="instant">An instant.</param>
    public bool IsOpenAt(Instant instant) => StartedAt <= instant && instant < ClosesAt;

    /// <summary>When it ended, as known at an instant: at its last signal, whatever closed it; while it is open, not at all.</summary>
    /// <param name="instant">The present.</param>
    public Instant? EndedAt(Instant instant) => instant < ClosesAt ? null : LastSignalAt;

    /// <summary>The sessions of one conversation, oldest first.</summary>
    /// <param name="signals">Its signals in the order in which they were recorded: it decides between two of one instant.</param>
    /// <param name="rules">The rules in force.</param>
    public static IReadOnlyList<LearningSession> Of(IEnumerable<SessionSignal> signals, XpRules rules)
    {
        var end = Duration.FromSeconds(rules.SessionEndSeconds);
        List<LearningSession> sessions = [];
        List<Recorded> current = [];
        // A stable sort: of two signals of one instant the first recorded comes first.
        foreach (var next in signals.Select((signal, order) => new Recorded(signal, order)).OrderBy(recorded => recorded.Signal.OccurredAt))
        {
            if (current is [.., var last] && (last.Signal.Kind == SignalKind.End || next.Signal.OccurredAt - last.Signal.OccurredAt >= end))
            {
                sessions.Add(new LearningSession(current, rules));
                current = [];
            }

            current.Add(next);
        }

        if (current.Count > 0) sessions.Add(new LearningSession(current, rules));
        return sessions;
    }

    /// <summary>
    /// The kind under which a signal is to be recorded, or none when it needs an open session and there is none at the instant at
    /// which it happened (<c>session_ended</c>). An end before a later signal of the conversation is recorded as an activity.
    /// </summary>
    /// <param name="recorded">The conversation's signals from 30 minutes before the new one on, in the order of recording.</param>
    /// <param name="kind">What the new one tells.</param>
    /// <param name="occurredAt">When it happened.</param>
    /// <param name="rules">The rules in force.</param>
    public static SignalKind? Accept(IReadOnlyCollection<SessionSignal> recorded, SignalKind kind, Instant occurredAt, XpRules rules)
    {
        if (kind is SignalKind.Start or SignalKind.ChatTurn) return kind;
        var open = Of(recorded.Where(signal => signal.OccurredAt <= occurredAt), rules).Any(session => session.IsOpenAt(occurredAt));
        if (!open) return null;
        return kind == SignalKind.End && recorded.Any(signal => signal.OccurredAt > occurredAt) ? SignalKind.Activity : kind;
    }

    private readonly record struct Recorded(SessionSignal Signal, int Order);
}
