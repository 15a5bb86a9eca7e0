using System.Diagnostics;
using NodaTime;
using Xentree.Domain.Streaks;

namespace Xentree.Tests.Streaks;

/// <summary>Rule S9: what an absence costs, however long it was.</summary>
public sealed class AbsenceTests
{
    private static readonly Learner TenYearsAway = new Learner("America/New_York", "2016-02-20T12:00:00Z")
        .Buys("2016-03-01T12:00:00Z").ActiveAt("2016-03-01T12:00:00Z").ActiveAt("2016-03-02T12:00:00Z");

    [Fact]
    public void S9_ten_years_away_are_settled_like_a_day()
    {
        var state = TenYearsAway.At("2026-03-10T12:00:00Z");

        Assert.Equal((0, 2, 0), (state.CurrentStreak, state.Peak, state.Savers));
        Assert.Equal(Time.At("2016-03-05T05:00:00Z"), Assert.Single(state.Breaks).At);
        Assert.All(state.Last(366).SkipLast(1), day => Assert.Equal(DayReason.Missed, day.Reason));
        Assert.Equal((Time.March(10), (DayReason?)DayReason.Open), state.Last(366).Last());
    }

    [Fact]
    public void S9_ten_years_away_allocate_and_take_no_more_than_a_year()
    {
        var (year, yearBytes) = Cost(Time.At("2017-03-20T12:00:00Z"));
        var (decade, decadeBytes) = Cost(Time.At("2026-03-10T12:00:00Z"));

        Assert.True(decadeBytes <= yearBytes + 4_096, $"{decadeBytes} bytes against {yearBytes}");
        Assert.True(decade < 10 * year + TimeSpan.FromMilliseconds(1), $"{decade} against {year}");
    }

    [Fact]
    public void S9_a_decade_of_outage_passes_at_once_too()
    {
        var learner = new Learner(registered: "2015-12-01T00:00:00Z")
            .ActiveAt("2016-03-01T12:00:00Z").Outage("2016-03-02T00:00:00Z", "2026-03-09T00:00:00Z");
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 100; i++) learner.At("2026-03-09T12:00:00Z");

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1));
        Assert.Equal((1, true), (learner.At("2026-03-09T12:00:00Z").CurrentStreak, learner.At("2026-03-09T12:00:00Z").AtRisk));
        Assert.Equal(0, learner.At("2026-03-10T12:00:00Z").CurrentStreak);
    }

    [Fact]
    public void S9_outages_and_lacked_dates_of_an_absence_are_told_all_the_same()
    {
        var state = new Learner("Pacific/Apia", "2011-03-01T00:00:00Z")
            .Outage("2011-12-20T12:00:00Z", "2011-12-22T12:00:00Z").At("2012-01-05T12:00:00Z");

        foreach (var date in new[] { "2011-12-20", "2011-12-21", "2011-12-22", "2011-12-30" })
            Assert.Equal(DayReason.Bridged, state.Trail.ReasonOf(Time.Date(date)));
        Assert.Equal(DayReason.Missed, state.Trail.ReasonOf(Time.Date("2011-12-19")));
        Assert.Equal(DayReason.Missed, state.Trail.ReasonOf(Time.Date("2011-12-31")));
    }

    // The least of many runs: the machine has other work.
    private static (TimeSpan Time, long Bytes) Cost(Instant now)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 200; i++)
        {
            var start = Stopwatch.GetTimestamp();
            TenYearsAway.At(now);
            var elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed < best) best = elapsed;
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        TenYearsAway.At(now);

        return (best, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
