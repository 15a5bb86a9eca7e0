using Xentree.Domain.Streaks;

namespace Xentree.Tests.Streaks;

/// <summary>Rules S1 to S5: the chain and its savers, from day to day.</summary>
public sealed class StreakTests
{
    [Fact]
    public void S1_the_first_activity_ever_is_a_streak_of_one_and_twenty_more_that_day_add_nothing()
    {
        var learner = new Learner().ActiveAt("2026-03-01T08:00:00Z");
        Assert.Equal(1, learner.On(1).CurrentStreak);

        for (var minute = 10; minute < 30; minute++) learner.ActiveAt($"2026-03-01T08:{minute}:00Z");
        Assert.Equal(1, learner.On(1).CurrentStreak);

        var next = learner.Active(2).On(2);
        Assert.Equal((2, 2, 2), (next.CurrentStreak, next.DayOnlyStreak, next.Peak));
    }

    [Fact]
    public void S1_the_first_activity_may_happen_at_the_instant_of_registration()
    {
        var learner = new Learner(registered: "2026-03-01T08:00:00Z").ActiveAt("2026-03-01T08:00:00Z");

        Assert.Equal(1, learner.At("2026-03-01T08:00:00Z").CurrentStreak);
    }

    [Fact]
    public void S1_a_new_user_has_nothing_at_risk()
    {
        var state = new Learner().At("2026-02-20T12:00:00Z");

        Assert.Equal((0, 0, 0, 0, 0), (state.CurrentStreak, state.DayOnlyStreak, state.Peak, state.Savers, state.SaversUsed));
        Assert.False(state.AtRisk);
        Assert.Null(state.LastActive);
    }

    [Fact]
    public void S2_the_day_after_the_streak_is_at_risk_and_the_day_after_that_it_is_gone()
    {
        var learner = new Learner().ActiveFrom(1, 5);

        var sixth = learner.On(6);
        Assert.Equal((5, 5), (sixth.CurrentStreak, sixth.DayOnlyStreak));
        Assert.True(sixth.AtRisk);
        Assert.Equal(Time.At("2026-03-07T00:00:00Z"), sixth.ResetsAt);
        Assert.Equal(Time.March(5), sixth.LastActive);

        Assert.Equal(5, learner.At("2026-03-06T23:59:59.999Z").CurrentStreak);
        var seventh = learner.At("2026-03-07T00:00:00Z");
        Assert.Equal((0, 0, 5), (seventh.CurrentStreak, seventh.DayOnlyStreak, seventh.Peak));
        Assert.False(seventh.AtRisk);
    }

    [Fact]
    public void S2_a_streak_that_was_fed_today_is_not_at_risk() => Assert.False(new Learner().ActiveFrom(1, 5).On(5, "13:00").AtRisk);

    [Fact]
    public void S3_two_savers_cover_two_days()
    {
        var state = TwoSavers().Active(8).On(8);

        Assert.Equal([Time.March(6), Time.March(7)], state.CoveredDates);
        Assert.Equal((6, 1, 0, 2), (state.CurrentStreak, state.DayOnlyStreak, state.Savers, state.SaversUsed));
    }

    [Fact]
    public void S3_a_covered_day_holds_the_chain_and_ends_the_run_of_days()
    {
        var state = TwoSavers().On(7);

        Assert.Equal((5, 0, 1, 1), (state.CurrentStreak, state.DayOnlyStreak, state.Savers, state.SaversUsed));
        Assert.True(state.AtRisk);
    }

    [Fact]
    public void S4_savers_are_spent_on_the_oldest_days_though_the_run_breaks_all_the_same()
    {
        var state = TwoSavers().Active(9).On(9);

        Assert.Equal((1, 0, 0), (state.CurrentStreak, state.Savers, state.SaversUsed));
        Assert.Equal([Time.March(6), Time.March(7)], state.CoveredDates);
        Assert.Equal(DayReason.Missed, state.Trail.ReasonOf(Time.March(8)));
        Assert.Equal(
            [Time.At("2026-03-07T00:00:00Z"), Time.At("2026-03-08T00:00:00Z")],
            state.Movements.Where(movement => movement.Kind == SaverMovementKind.Spent).Select(movement => movement.At));
    }

    [Theory]
    [InlineData(7, "00:00:00", 0)]
    [InlineData(7, "12:00:00", 0)]
    [InlineData(6, "23:59:59", 5)]
    public void S5_a_saver_covers_the_day_on_which_it_was_bought_and_none_before(int day, string time, int current)
    {
        var state = new Learner().ActiveFrom(1, 5).Buys(day, time).On(7, "13:00:00");

        Assert.Equal(current, state.CurrentStreak);
        Assert.Equal(current == 0 ? 1 : 0, state.Savers);
    }

    [Fact]
    public void S5_no_saver_is_spent_without_a_chain_to_hold()
    {
        var state = new Learner().Buys(1).On(20);

        Assert.Equal((0, 1), (state.CurrentStreak, state.Savers));
        Assert.Empty(state.CoveredDates);
    }

    [Fact]
    public void S7_a_hundred_first_requests_after_an_absence_all_read_one_saver_a_missed_day()
    {
        var learner = TwoSavers();
        var states = new Chain[100];

        Parallel.For(0, states.Length, i => states[i] = learner.On(8, "09:00:00"));

        Assert.All(states, state => Assert.Equal((5, 0, 2), (state.CurrentStreak, state.Savers, state.SaversUsed)));
    }

    [Fact]
    public void S8_a_saver_is_granted_at_each_multiple_of_seven_and_lost_beyond_two()
    {
        var learner = new Learner().ActiveFrom(1, 28);

        Assert.Equal(0, learner.On(6, "13:00:00").Savers);
        Assert.Equal(0, learner.On(7, "11:59:59").Savers);
        Assert.Equal(1, learner.On(7, "12:00:00").Savers);
        Assert.Equal(1, learner.On(13, "13:00:00").Savers);
        Assert.Equal(2, learner.On(14, "13:00:00").Savers);

        var last = learner.On(28, "13:00:00");
        Assert.Equal((28, 2), (last.CurrentStreak, last.Savers));
        Assert.Equal(
            [(SaverMovementKind.Granted, 7), (SaverMovementKind.Granted, 14), (SaverMovementKind.Lost, 21), (SaverMovementKind.Lost, 28)],
            last.Movements.Select(movement => (movement.Kind, movement.Streak)));
    }

    [Fact]
    public void S8_an_accepted_purchase_counts_above_two_when_a_late_event_changes_what_came_before()
    {
        // One held, the 6th covered, so another was bought on the 7th and one more on the 8th; then the 6th turns out active.
        var learner = new Learner().Buys(1, "08:00").ActiveFrom(1, 5).Buys(7, "08:00").Active(7).Buys(8, "08:00");
        Assert.Equal(2, learner.On(8, "09:00:00").Savers);

        var after = learner.Active(6).On(8, "09:00:00");

        Assert.Equal((7, 3), (after.CurrentStreak, after.Savers));
        Assert.Equal(7, Assert.Single(after.Movements, movement => movement.Kind == SaverMovementKind.Lost).Streak);
    }

    [Fact]
    public void S8_of_one_instant_what_was_recorded_first_comes_first()
    {
        const string noon = "2026-03-07T12:00:00Z";

        Assert.Equal(2, new Learner().Buys(1).ActiveFrom(1, 6).Buys(noon).ActiveAt(noon).At(noon).Savers);
        Assert.Equal(3, new Learner().Buys(1).ActiveFrom(1, 6).ActiveAt(noon).Buys(noon).At(noon).Savers);
    }

    private static Learner TwoSavers() => new Learner().Buys(1, "08:00").Buys(1, "08:01").ActiveFrom(1, 5);
}
