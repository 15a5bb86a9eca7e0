using NodaTime;
using Xentree.Domain.Streaks;

namespace Xentree.Tests.Streaks;

/// <summary>Rules S11 and S12: what is explained and what is announced.</summary>
public sealed class HappeningTests
{
    [Fact]
    public void S11_the_last_thirty_days_have_reasons()
    {
        var learner = new Learner(registered: "2026-01-01T00:00:00Z").Buys(5).Active(5, 6, 8).Outage("2026-03-11T10:00:00Z", "2026-03-11T10:05:00Z");
        var days = learner.On(12).Last(30).ToDictionary(day => day.Date.Day + (100 * day.Date.Month), day => day.Reason);

        Assert.Equal(30, days.Count);
        Assert.Equal(DayReason.Missed, days[211]);
        Assert.Equal(DayReason.Active, days[306]);
        Assert.Equal(DayReason.Covered, days[307]);
        Assert.Equal(DayReason.Active, days[308]);
        Assert.Equal(DayReason.Missed, days[309]);
        Assert.Equal(DayReason.Missed, days[310]);
        Assert.Equal(DayReason.Bridged, days[311]);
        Assert.Equal(DayReason.Open, days[312]);
    }

    [Fact]
    public void S11_dates_before_registration_have_no_reason()
    {
        var days = new Learner(registered: "2026-03-10T00:00:00Z").On(12).Last(30).ToList();

        Assert.Equal(27, days.Count(day => day.Reason is null));
    }

    [Fact]
    public void S12_a_streak_is_extended_once_a_day()
    {
        var learner = new Learner().ActiveFrom(1, 2);
        var before = learner.On(3, "09:00:00");
        learner.Active(3);

        Assert.Equal([new Happening.Extended(Time.March(3), 3)], Happening.Between(before.Trail, learner.On(3)));
        Assert.Empty(Happening.Between(learner.On(3).Trail, learner.ActiveAt("2026-03-03T13:00:00Z").On(3, "14:00:00")));
    }

    [Fact]
    public void S12_a_broken_streak_is_provisional_for_72_hours_and_restored_by_a_late_event()
    {
        var learner = new Learner().ActiveFrom(1, 5);
        var sixth = learner.On(6);
        var seventh = learner.On(7);

        var midnight = Time.At("2026-03-07T00:00:00Z");
        Assert.Equal(
            [new Happening.Broken(Time.March(6), midnight, 5, midnight + Duration.FromHours(72))],
            Happening.Between(sixth.Trail, seventh));
        Assert.Empty(Happening.Between(seventh.Trail, learner.On(20)));

        learner.Active(6);
        Assert.Equal(
            [new Happening.Restored(Time.March(6), 6), new Happening.Extended(Time.March(6), 6)],
            Happening.Between(seventh.Trail, learner.On(7)));
    }

    [Fact]
    public void S12_an_outage_and_a_flight_west_restore_too()
    {
        var learner = new Learner("Asia/Tokyo").ActiveFrom(1, 5);
        var broken = learner.On(7);

        Assert.Equal(
            [new Happening.Restored(Time.March(6), 5)],
            Happening.Between(broken.Trail, learner.FliesTo("Pacific/Honolulu", "2026-03-07T03:00:00Z").At("2026-03-07T03:00:00Z")));
        Assert.Equal(
            [new Happening.Restored(Time.March(6), 5)],
            Happening.Between(
                broken.Trail,
                new Learner("Asia/Tokyo").ActiveFrom(1, 5).Outage("2026-03-06T03:00:00Z", "2026-03-06T04:00:00Z").On(7)));
    }

    [Fact]
    public void S12_a_mended_chain_that_broke_later_is_restored_and_broken()
    {
        var learner = new Learner().ActiveFrom(1, 5);
        var before = learner.On(8);
        learner.Active(6);

        Assert.Equal(
            [typeof(Happening.Restored), typeof(Happening.Broken)],
            Happening.Between(before.Trail, learner.On(8)).Select(happening => happening.GetType()));
    }

    [Fact]
    public void S12_a_saver_spent_is_told_when_its_day_is_over()
    {
        var learner = new Learner().Buys(1).ActiveFrom(1, 5);
        var sixth = learner.On(6);

        Assert.Equal(
            [new Happening.SaverSpent(Time.March(6), Time.At("2026-03-07T00:00:00Z"), 0)],
            Happening.Between(sixth.Trail, learner.On(7)));
    }

    [Fact]
    public void S12_told_from_the_beginning_everything_is_told_once()
    {
        var learner = new Learner().ActiveFrom(1, 2);

        Assert.Equal(
            [new Happening.Extended(Time.March(1), 2), new Happening.Extended(Time.March(2), 2)],
            Happening.Between(learner.Genesis.Trail, learner.On(3)));
    }
}
