using Xentree.Domain.Streaks;

namespace Xentree.Tests.Streaks;

/// <summary>Rules D8 to D11: what a late event or a late outage changes.</summary>
public sealed class LateEventTests
{
    [Fact]
    public void D8_a_late_event_moves_the_cover_to_the_next_day()
    {
        var learner = new Learner().Buys(1, "08:00").ActiveFrom(1, 5);
        var before = learner.On(8);
        Assert.Equal((0, 0), (before.CurrentStreak, before.Savers));
        Assert.Equal(DayReason.Covered, before.Trail.ReasonOf(Time.March(6)));
        Assert.Equal(DayReason.Missed, before.Trail.ReasonOf(Time.March(7)));

        var after = learner.Active(6).On(8);

        Assert.Equal((6, 0), (after.CurrentStreak, after.Savers));
        Assert.Equal(DayReason.Active, after.Trail.ReasonOf(Time.March(6)));
        Assert.Equal(DayReason.Covered, after.Trail.ReasonOf(Time.March(7)));
        Assert.Equal([Time.March(7)], after.CoveredDates);
    }

    [Fact]
    public void D9_the_saver_that_a_late_event_grants_covers_a_later_day()
    {
        var learner = new Learner().ActiveFrom(1, 6).Active(8);
        var before = learner.On(10, "09:00:00");
        Assert.Equal((0, 0), (before.CurrentStreak, before.Savers));

        var after = learner.ActiveAt("2026-03-07T20:00:00Z").On(10, "09:00:00");

        Assert.Equal((8, 0), (after.CurrentStreak, after.Savers));
        Assert.Equal([Time.March(9)], after.CoveredDates);
        Assert.Equal(
            [
                new SaverMovement(SaverMovementKind.Granted, Time.At("2026-03-07T20:00:00Z"), Time.March(7), 7),
                new SaverMovement(SaverMovementKind.Spent, Time.At("2026-03-10T00:00:00Z"), Time.March(9), 8),
            ],
            after.Movements);
    }

    [Fact]
    public void D10_a_grant_that_would_now_have_met_the_cap_is_lost()
    {
        var learner = new Learner().Buys(1, "08:00").Buys(1, "08:01").ActiveFrom(1, 5).Active(7, 8);
        var before = learner.On(8, "13:00:00");
        Assert.Equal((7, 2, 1), (before.CurrentStreak, before.Savers, before.SaversUsed));

        var after = learner.Active(6).On(8, "13:00:00");

        Assert.Equal((8, 2, 0), (after.CurrentStreak, after.Savers, after.SaversUsed));
        var lost = Assert.Single(after.Movements, movement => movement.Kind == SaverMovementKind.Lost);
        Assert.Equal((Time.March(7), 7), (lost.Date, lost.Streak));
    }

    [Fact]
    public void D11_an_outage_declared_late_mends_the_chain_and_what_the_chain_granted()
    {
        var learner = new Learner().ActiveFrom(1, 3).ActiveFrom(5, 11);
        var before = learner.On(12);
        Assert.Equal((7, 1), (before.CurrentStreak, before.Savers));

        var after = learner.Outage("2026-03-04T10:00:00Z", "2026-03-04T11:00:00Z").On(12);

        Assert.Equal((10, 1), (after.CurrentStreak, after.Savers));
        var granted = Assert.Single(after.Movements);
        Assert.Equal((SaverMovementKind.Granted, Time.At("2026-03-08T12:00:00Z")), (granted.Kind, granted.At));
    }
}
