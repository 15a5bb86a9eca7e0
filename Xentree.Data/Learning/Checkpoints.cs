using System.Text.Json;
using NodaTime;
using Xentree.Domain.LearningTime;

namespace Xentree.Data.Learning;

/// <summary>
/// Moves a learner's checkpoints on, from which later folds begin (law 1): to an instant that nothing can change any more. Only when the
/// window has grown by days, so that most writes leave them alone.
/// </summary>
internal static class Checkpoints
{
    private static readonly Duration WindowGrowth = Duration.FromDays(3);

    // The clocks of replicas differ by less.
    private static readonly Duration ClockRoom = Duration.FromHours(1);

    /// <summary>The checkpoint of learning time.</summary>
    public static void MoveSegments(LearnerSnapshot snapshot, SegmentFold fold, Instant now, LearningRules rules)
    {
        var (learner, from) = (snapshot.Learner, snapshot.SegmentsFrom);
        var at = Settled(snapshot, SegmentFold.Reach(now, rules.Xp) - ClockRoom);
        var since = from.At == SegmentCheckpoint.Beginning.At ? learner.RegisteredAt : from.At;
        if (at - since < WindowGrowth) return;

        learner.SegmentCheckpoint = JsonSerializer.Serialize(fold.CheckpointAt(at));
        learner.SignalsFrom = at - Duration.FromSeconds(rules.Xp.SessionEndSeconds);
    }

    /// <summary>The checkpoint of the chain.</summary>
    public static void MoveChain(LearnerSnapshot snapshot, Instant now, LearningRules rules)
    {
        // A late signal makes the gap before it count, so an activity may lie a little further back than the latest event.
        var at = Settled(snapshot, Instant.Min(rules.Streaks.At(now).CheckpointHorizon(now), SegmentFold.Reach(now, rules.Xp)) - ClockRoom);
        if (at - snapshot.BeginsAt < WindowGrowth) return;

        var checkpoint = snapshot.CheckpointAt(at, rules.Streaks);
        snapshot.Learner.ChainCheckpoint = JsonSerializer.Serialize(checkpoint);
        snapshot.Learner.ChainFrom = LearnerQueries.FirstDateOf(checkpoint);
    }

    // However late the worker settles a live session, what it is charged counts where it lies.
    private static Instant Settled(LearnerSnapshot snapshot, Instant at) => snapshot.LiveFrom is { } live ? Instant.Min(at, live) : at;
}
