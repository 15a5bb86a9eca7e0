using System.Text.Json;
using NodaTime;
using Xentree.Domain.Days;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Streaks;

namespace Xentree.Data.Learning;

/// <summary>A learner as the database holds them at one moment: enough to fold the chain to any later instant.</summary>
public sealed class LearnerSnapshot
{
    private readonly Checkpoint _from;
    private readonly IReadOnlyList<Input> _inputs;
    private readonly Outages _outages;

    internal LearnerSnapshot(LearnerRow learner, Checkpoint from, ZoneHistory zones, IReadOnlyList<Input> inputs, Outages outages, IReadOnlyList<DayRow> days, Instant? liveFrom = null)
    {
        (Learner, Zones, Days, LiveFrom) = (learner, zones, days, liveFrom);
        (_from, _inputs, _outages) = (from, inputs, outages);
    }

    /// <summary>Balances and checkpoints.</summary>
    public LearnerRow Learner { get; }

    /// <summary>The zones that the learner has lived in.</summary>
    public ZoneHistory Zones { get; }

    /// <summary>The daily aggregates, oldest first: those that were asked for, and those that the fold needs.</summary>
    public IReadOnlyList<DayRow> Days { get; }

    /// <summary>Where a live session that goes on was last recorded: what it is charged from there on is still to come, so no checkpoint may lie after it.</summary>
    internal Instant? LiveFrom { get; }

    /// <summary>
    /// The chain at an instant. Pure: nothing is read or written. An instant of before the checkpoint, from a clock that is behind the
    /// one that it was made by, is served as the checkpoint's.
    /// </summary>
    public Chain FoldAt(Instant now, StreakRulebook rules) => Streak.Fold(_from, _inputs, _outages, rules, Instant.Max(now, BeginsAt));

    /// <summary>The aggregate of a day; null where there is none.</summary>
    public DayRow? DayOf(LocalDate date) => Days.FirstOrDefault(day => day.Date == date);

    /// <summary>The longest streak: the high-water mark of what folds showed, this one's included.</summary>
    public int LongestStreak(Chain chain) => Math.Max(Learner.LongestStreak, chain.Peak);

    /// <summary>This snapshot with more inputs and with other aggregates, for a write that has not been saved yet.</summary>
    internal LearnerSnapshot With(IEnumerable<Input> more, IReadOnlyList<DayRow> days, ZoneHistory? zones = null) =>
        new(Learner, _from, zones ?? Zones, [.. _inputs, .. more], _outages, days, LiveFrom);

    /// <summary>A later checkpoint to begin at; <paramref name="horizon"/> is the latest instant that no input can reach back behind.</summary>
    internal Checkpoint CheckpointAt(Instant horizon, StreakRulebook rules) => Streak.CheckpointAt(_from, _inputs, _outages, rules, horizon);

    /// <summary>The trail at registration: what subscribers know before anything was announced.</summary>
    internal Trail FirstTrail => Checkpoint.Genesis(Learner.RegisteredAt, Learner.RegisteredZone).Trail;

    /// <summary>Where the folds of learning time begin.</summary>
    internal SegmentCheckpoint SegmentsFrom =>
        Learner.SegmentCheckpoint is { } json ? JsonSerializer.Deserialize<SegmentCheckpoint>(json)! : SegmentCheckpoint.Beginning;

    /// <summary>Where this snapshot's folds begin.</summary>
    internal Instant BeginsAt => Instant.FromDateTimeOffset(_from.At);
}
