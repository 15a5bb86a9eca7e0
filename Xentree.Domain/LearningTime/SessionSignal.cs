using NodaTime;

namespace Xentree.Domain.LearningTime;

/// <summary>What a conversation's client or server told of a learning session.</summary>
public enum SignalKind
{
    /// <summary>The learner opened the conversation; on an open session an activity.</summary>
    Start,

    /// <summary>The learner is still there; needs an open session.</summary>
    Activity,

    /// <summary>A turn of the chat was stored; opens a session when none is open.</summary>
    ChatTurn,

    /// <summary>The learner left; needs an open session and closes it.</summary>
    End,
}

/// <summary>A recorded signal of one conversation (X2), of the kind that <see cref="LearningSession.Accept"/> gave it.</summary>
/// <param name="Id">The signal's id. A session goes by the id of the first of its signals that was recorded.</param>
/// <param name="Kind">What was told.</param>
/// <param name="OccurredAt">When it happened, to the tick; when it arrived plays no part.</param>
public sealed record SessionSignal(Guid Id, SignalKind Kind, Instant OccurredAt);
