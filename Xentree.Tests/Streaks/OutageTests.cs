using Xentree.Domain.Streaks;

namespace Xentree.Tests.Streaks;

/// <summary>Rule S10: outages.</summary>
public sealed class OutageTests
{
    [Fact]
    public void S10_every_local_day_that_an_outage_overlaps_is_bridged()
    {
        var learner = new Learner().ActiveFrom(1, 3).Active(6).Outage("2026-03-04T23:59:59Z", "2026-03-05T00:00:01Z");
        var state = learner.On(6);

        Assert.Equal((4, 4, 0), (state.CurrentStreak, state.DayOnlyStreak, state.SaversUsed));
        Assert.Equal(DayReason.Bridged, state.Trail.ReasonOf(Time.March(4)));
        Assert.Equal(DayReason.Bridged, state.Trail.ReasonOf(Time.March(5)));
    }

    [Fact]
    public void S10_an_outage_that_ends_at_midnight_does_not_overlap_the_next_day()
    {
        var state = new Learner().ActiveFrom(1, 3).Outage("2026-03-04T12:00:00Z", "2026-03-05T00:00:00Z").On(6);

        Assert.Equal(DayReason.Bridged, state.Trail.ReasonOf(Time.March(4)));
        Assert.Equal(DayReason.Missed, state.Trail.ReasonOf(Time.March(5)));
        Assert.Equal(0, state.CurrentStreak);
    }

    [Fact]
    public void S10_a_day_of_an_outage_costs_no_saver_and_an_active_one_counts()
    {
        var learner = new Learner().Buys(1).ActiveFrom(1, 4).Outage("2026-03-04T12:00:00Z", "2026-03-05T12:00:00Z");

        var fifth = learner.On(5);
        Assert.Equal((4, false), (fifth.CurrentStreak, fifth.AtRisk));
        Assert.Equal(DayReason.Bridged, fifth.Trail.ReasonOf(Time.March(5)));

        var sixth = learner.On(6);
        Assert.Equal((4, 1, DayReason.Active), (sixth.CurrentStreak, sixth.Savers, sixth.Trail.ReasonOf(Time.March(4))));
    }

    [Fact]
    public void S10_a_checkpoint_of_after_an_outage_that_was_declared_later_must_not_be_used()
    {
        var learner = new Learner().ActiveFrom(1, 3).ActiveFrom(5, 11);
        var before = Checkpoint(learner, "2026-03-03T00:00:00Z");
        var after = Checkpoint(learner, "2026-03-08T12:00:00Z");
        learner.Outage("2026-03-04T10:00:00Z", "2026-03-04T11:00:00Z");

        Assert.True(learner.Genesis.Holds(learner.Outages));
        Assert.True(before.Holds(learner.Outages));
        Assert.False(after.Holds(learner.Outages));
        Assert.Throws<ArgumentException>(
            () => Streak.Fold(after, learner.Inputs, learner.Outages, StreakRulebook.Default, Time.At("2026-03-12T12:00:00Z")));

        Assert.Equal(10, Streak.Fold(before, learner.Inputs, learner.Outages, StreakRulebook.Default, Time.At("2026-03-12T12:00:00Z")).CurrentStreak);

        // Withdrawn again, it holds.
        Assert.True(after.Holds(Outages.None));
    }

    [Fact]
    public void S10_a_checkpoint_of_another_tz_database_must_not_be_used()
    {
        var checkpoint = Checkpoint(new Learner().ActiveFrom(1, 3), "2026-03-08T12:00:00Z");

        Assert.True(checkpoint.Holds(Outages.None));
        Assert.False((checkpoint with { Basis = "1 1999a" }).Holds(Outages.None));
    }

    [Fact]
    public void S10_an_outage_can_be_withdrawn_until_the_first_of_its_days_is_over_anywhere()
    {
        // At 18:15Z it is midnight in Kathmandu; at 18:30Z in Kolkata.
        Assert.Equal(Time.At("2026-03-10T18:15:00Z"), new Outage(Time.At("2026-03-10T18:05:00Z"), Time.At("2026-03-12T00:00:00Z")).WithdrawableUntil());
        Assert.Equal(Time.At("2026-03-10T18:30:00Z"), new Outage(Time.At("2026-03-10T18:15:00Z"), Time.At("2026-03-10T18:16:00Z")).WithdrawableUntil());
    }

    [Fact]
    public void S10_an_outage_ends_after_it_begins() =>
        Assert.Throws<ArgumentException>(() => new Outages(new Outage(Time.At("2026-03-04T10:00:00Z"), Time.At("2026-03-04T10:00:00Z"))));

    private static Checkpoint Checkpoint(Learner learner, string at) =>
        Streak.CheckpointAt(learner.Genesis, learner.Inputs, learner.Outages, StreakRulebook.Default, Time.At(at));
}
