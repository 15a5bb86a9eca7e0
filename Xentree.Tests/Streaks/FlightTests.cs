using NodaTime;
using Xentree.Domain.Streaks;

namespace Xentree.Tests.Streaks;

/// <summary>Rules D3 and D4: what a change of zone does to dates.</summary>
public sealed class FlightTests
{
    [Fact]
    public void D3_a_flight_west_to_an_active_date_changes_no_streak()
    {
        var learner = new Learner().Active(10).ActiveAt("2026-03-11T01:00:00Z");
        Assert.Equal(2, learner.At("2026-03-11T01:30:00Z").CurrentStreak);

        var state = learner.FliesTo("America/New_York", "2026-03-11T02:00:00Z").ActiveAt("2026-03-11T03:00:00Z").At("2026-03-11T03:00:00Z");

        Assert.Equal((2, 2, 2), (state.CurrentStreak, state.DayOnlyStreak, state.Peak));
        Assert.Equal((Time.March(10), Time.March(11)), (state.Today, state.LastActive));
        Assert.Equal(Time.At("2026-03-11T04:00:00Z"), state.ResetsAt);
        Assert.False(state.AtRisk);
        Assert.Equal(2, learner.At("2026-03-12T05:00:00Z").CurrentStreak);
    }

    [Fact]
    public void D3_XP_dated_midnight_counts_for_the_day_before_and_its_midnight_costs_nothing()
    {
        var midnight = Time.At("2026-03-07T00:00:00Z");
        var learner = new Learner().Buys(1).ActiveFrom(1, 5);
        IReadOnlyList<Input> inputs = [.. learner.Inputs, new Activity(midnight, Time.March(6), 100)];

        var state = Streak.Fold(learner.Genesis, inputs, Outages.None, StreakRulebook.Default, midnight);

        Assert.Equal((6, 1), (state.CurrentStreak, state.Savers));
        Assert.Equal(SaverMovementKind.Bought, Assert.Single(state.Movements).Kind);

        // Recorded after something else of that midnight, it still makes its day active.
        inputs = [.. learner.Inputs, new SaverPurchase(midnight, 100), new Activity(midnight, Time.March(6), 101)];
        state = Streak.Fold(learner.Genesis, inputs, Outages.None, StreakRulebook.Default, midnight);
        Assert.Equal((6, 2, 0), (state.CurrentStreak, state.Savers, state.SaversUsed));
    }

    [Fact]
    public void D3_the_chain_may_end_two_dates_ahead()
    {
        var learner = new Learner("Pacific/Kiritimati", "2026-03-01T12:00:00Z")
            .ActiveAt("2026-03-09T12:00:00Z")
            .ActiveAt("2026-03-10T10:10:00Z")
            .FliesTo("Pacific/Niue", "2026-03-10T10:20:00Z");
        var state = learner.At("2026-03-10T10:20:00Z");

        Assert.Equal((Time.March(9), Time.March(11), 2), (state.Today, state.LastActive, state.CurrentStreak));
        Assert.True(state.AtRisk);
        Assert.Equal(3, learner.ActiveAt("2026-03-10T10:30:00Z").At("2026-03-10T10:30:00Z").CurrentStreak);
    }

    [Fact]
    public void D4_London_to_Tokyo_bridges_the_date_cut_off_and_costs_a_saver_for_the_next()
    {
        var state = new Learner().Buys(9, "08:00").Active(8, 9)
            .FliesTo("Asia/Tokyo", "2026-03-10T20:00:00Z")
            .ActiveAt(new LocalDateTime(2026, 3, 12, 20, 0))
            .On(12, "20:00:00");

        Assert.Equal(DayReason.Bridged, state.Trail.ReasonOf(Time.March(10)));
        Assert.Equal(DayReason.Covered, state.Trail.ReasonOf(Time.March(11)));
        Assert.Equal((3, 1, 0, 1), (state.CurrentStreak, state.DayOnlyStreak, state.Savers, state.SaversUsed));
    }

    [Fact]
    public void D4_a_date_cut_off_within_six_dates_of_a_bridged_one_is_missed_at_the_instant_of_the_change()
    {
        var learner = new Learner().Active(9)
            .FliesTo("Asia/Tokyo", "2026-03-10T20:00:00Z")
            .ActiveAt("2026-03-11T01:00:00Z")
            .FliesTo("Europe/London", "2026-03-11T02:00:00Z")
            .ActiveAt("2026-03-12T12:00:00Z").ActiveAt("2026-03-13T12:00:00Z").ActiveAt("2026-03-14T12:00:00Z").ActiveAt("2026-03-15T12:00:00Z");

        var again = learner.FliesTo("Asia/Tokyo", "2026-03-16T20:00:00Z").At("2026-03-16T20:00:00Z");

        Assert.Equal(DayReason.Bridged, again.Trail.ReasonOf(Time.March(10)));
        Assert.Equal(DayReason.Missed, again.Trail.ReasonOf(Time.March(16)));
        Assert.Equal(0, again.CurrentStreak);
        var broken = Assert.Single(again.Breaks);
        Assert.Equal((Time.March(16), Time.At("2026-03-16T20:00:00Z"), 6), (broken.Date, broken.At, broken.Length));
    }

    [Theory]
    [InlineData("2026-03-16T20:00:00Z", DayReason.Missed)]
    [InlineData("2026-03-17T20:00:00Z", DayReason.Bridged)]
    public void D4_the_seventh_date_after_a_bridged_one_may_be_bridged_again(string flight, DayReason reason)
    {
        var learner = new Learner().Active(9).FliesTo("Asia/Tokyo", "2026-03-10T20:00:00Z").FliesTo("Europe/London", "2026-03-12T02:00:00Z");
        var cutOff = Time.At(flight).InUtc().Date;

        Assert.Equal(reason, learner.FliesTo("Asia/Tokyo", flight).At(flight).Trail.ReasonOf(cutOff));
    }

    [Fact]
    public void D4_of_two_dates_jumped_over_the_first_is_bridged_and_the_second_missed()
    {
        var state = new Learner("Pacific/Niue", "2026-03-01T12:00:00Z")
            .ActiveAt("2026-03-09T12:00:00Z")
            .FliesTo("Pacific/Kiritimati", "2026-03-11T10:30:00Z")
            .At("2026-03-11T10:30:00Z");

        Assert.Equal(Time.March(12), state.Today);
        Assert.Equal(DayReason.Bridged, state.Trail.ReasonOf(Time.March(10)));
        Assert.Equal(DayReason.Missed, state.Trail.ReasonOf(Time.March(11)));
        Assert.Equal(0, state.CurrentStreak);
    }

    [Fact]
    public void D4_an_active_date_cut_off_uses_no_allowance()
    {
        var state = new Learner().Active(9, 10)
            .FliesTo("Asia/Tokyo", "2026-03-10T20:00:00Z")
            .FliesTo("Pacific/Kiritimati", "2026-03-11T12:00:00Z")
            .At("2026-03-11T12:00:00Z");

        Assert.Equal((Time.March(12), 2), (state.Today, state.CurrentStreak));
        Assert.Equal(DayReason.Bridged, state.Trail.ReasonOf(Time.March(11)));
    }

    [Fact]
    public void D4_a_day_that_ended_at_the_instant_of_the_change_was_not_cut_off()
    {
        var state = new Learner().Active(9).FliesTo("Asia/Tokyo", "2026-03-11T00:00:00Z").At("2026-03-11T00:00:00Z");

        Assert.Equal(DayReason.Missed, state.Trail.ReasonOf(Time.March(10)));
    }

    [Fact]
    public void D4_a_date_that_the_zone_lacks_is_bridged_without_a_saver()
    {
        var state = new Learner("Pacific/Apia", "2011-12-01T00:00:00Z").Buys("2011-12-01T00:00:00Z")
            .ActiveAt("2011-12-29T20:00:00Z").ActiveAt("2011-12-30T20:00:00Z").At("2011-12-30T20:00:00Z");

        Assert.Equal((Time.Date("2011-12-31"), 2, 2, 1), (state.Today, state.CurrentStreak, state.DayOnlyStreak, state.Savers));
        Assert.Equal(DayReason.Bridged, state.Trail.ReasonOf(Time.Date("2011-12-30")));
    }

    [Fact]
    public void D4_a_flight_west_opens_a_missed_date_again_and_the_mended_chain_is_granted_what_it_reaches()
    {
        var learner = new Learner("Asia/Tokyo").ActiveFrom(1, 6).Active(8);
        Assert.Equal((1, 0), (learner.On(8).CurrentStreak, learner.On(8).Savers));

        const string landing = "2026-03-08T04:00:00Z";
        learner.FliesTo("Pacific/Honolulu", landing);
        var mended = learner.At(landing);

        Assert.Equal((Time.March(7), 7, 1), (mended.Today, mended.CurrentStreak, mended.Savers));
        Assert.Equal(DayReason.Open, mended.Trail.ReasonOf(Time.March(7)));
        Assert.True(mended.AtRisk);
        Assert.Equal(new SaverMovement(SaverMovementKind.Granted, Time.At(landing), Time.March(7), 7), Assert.Single(mended.Movements));

        // The saver of that grant covers the date that was opened again.
        var next = learner.On(8, "12:00:00");
        Assert.Equal((7, 0, 1), (next.CurrentStreak, next.Savers, next.SaversUsed));
        Assert.Equal([Time.March(7)], next.CoveredDates);
    }

    [Fact]
    public void D4_a_flight_west_returns_the_saver_of_a_date_that_is_open_again()
    {
        var learner = new Learner("Asia/Tokyo").Buys(1, "08:00").ActiveFrom(1, 5).Active(7);
        Assert.Equal((6, 0, 1), (learner.On(7).CurrentStreak, learner.On(7).Savers, learner.On(7).SaversUsed));

        var state = learner.FliesTo("Pacific/Honolulu", "2026-03-07T04:00:00Z").At("2026-03-07T04:00:00Z");

        Assert.Equal((6, 1, 0), (state.CurrentStreak, state.Savers, state.SaversUsed));
        Assert.Equal(SaverMovementKind.Returned, state.Movements[^1].Kind);
        Assert.Equal(7, learner.ActiveAt("2026-03-07T05:00:00Z").At("2026-03-07T05:00:00Z").CurrentStreak);
    }

    [Fact]
    public void D4_a_saver_whose_place_a_grant_took_does_not_come_back()
    {
        // Two held, the 7th covered, the grant of the 8th took its place: as if nothing had been spent, two.
        var learner = new Learner("Asia/Tokyo").Buys(1, "08:00").Buys(1, "08:01").ActiveFrom(1, 6).Active(8);
        Assert.Equal(2, learner.On(8).Savers);

        var state = learner.FliesTo("Pacific/Honolulu", "2026-03-08T04:00:00Z").At("2026-03-08T04:00:00Z");

        Assert.Equal((7, 2, 0), (state.CurrentStreak, state.Savers, state.SaversUsed));
        Assert.Equal(SaverMovementKind.Lost, state.Movements[^1].Kind);
    }

    [Fact]
    public void D4_a_chain_broken_and_mended_again_is_granted_a_multiple_once()
    {
        var learner = new Learner("Asia/Tokyo").ActiveFrom(1, 6).Active(8)
            .FliesTo("Pacific/Honolulu", "2026-03-08T04:00:00Z")
            .FliesTo("Asia/Tokyo", "2026-03-08T04:10:00Z")
            .FliesTo("Pacific/Honolulu", "2026-03-08T04:20:00Z");

        Assert.Single(learner.At("2026-03-08T04:30:00Z").Movements, movement => movement.Kind == SaverMovementKind.Granted);
    }
}
