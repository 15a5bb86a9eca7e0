using CsCheck;
using NodaTime;
using Xentree.Domain.Pulse;
using Xentree.Tests.Xp;

namespace Xentree.Tests.Pulse;

/// <summary>Rules P1, P2 and the pure half of P3; the week of the contract.</summary>
public sealed class PulseTests
{
    private static readonly LocalDate Today = new(2026, 3, 10);
    private static readonly HashSet<LocalDate> None = [];

    [Fact]
    public void P1_a_new_user_gets_365_zeros_today_last()
    {
        var pulse = LearningPulse.Of(Today, [], None);

        Assert.Equal(365, pulse.Days.Count);
        Assert.Equal((new LocalDate(2025, 3, 11), Today), (pulse.Days[0].Date, pulse.Days[^1].Date));
        Assert.Equal((0, 0), (pulse.TotalXp, pulse.ActiveDays));
        Assert.All(pulse.Days, day => Assert.Equal(new PulseDay(day.Date, 0, 0, 0, 0, false), day));
    }

    [Theory]
    [InlineData(2024, 2, 29, 2023, 3, 2)]
    [InlineData(2024, 12, 31, 2024, 1, 2)]
    [InlineData(2025, 2, 27, 2024, 2, 29)]
    [InlineData(2025, 3, 1, 2024, 3, 2)]
    public void P1_the_window_crosses_leap_days_by_dates(int year, int month, int day, int startYear, int startMonth, int startDay)
    {
        var pulse = LearningPulse.Of(new LocalDate(year, month, day), [], None);

        Assert.Equal(new LocalDate(startYear, startMonth, startDay), pulse.Days[0].Date);
        Assert.Equal(365, pulse.Days.Count);
        Assert.All(pulse.Days.Zip(pulse.Days.Skip(1)), pair => Assert.Equal(pair.First.Date.PlusDays(1), pair.Second.Date));
    }

    [Fact]
    public void P1_a_date_that_the_zone_lacks_is_an_entry_of_zeros()
    {
        // Apia went from 29 to 31 December 2011.
        var pulse = LearningPulse.Of(new LocalDate(2011, 12, 31), [Row(new(2011, 12, 29), 5), Row(new(2011, 12, 31), 5)], None);

        Assert.Equal([5, 0, 5], pulse.Days.TakeLast(3).Select(day => day.Xp));
        Assert.Equal(new LocalDate(2011, 12, 30), pulse.Days[^2].Date);
    }

    [Fact]
    public void P1_days_outside_the_window_are_passed_over()
    {
        // After a flight west the day ahead may hold XP already.
        var pulse = LearningPulse.Of(Today, [Row(Today.PlusDays(1), 50), Row(Today, 5), Row(Today.PlusDays(-365), 50)], None);

        Assert.Equal((5, 1, 4), (pulse.TotalXp, pulse.ActiveDays, pulse.Days[^1].Intensity));
    }

    [Fact]
    public void P2_a_single_active_day_is_4() => Assert.Equal(4, Intensities(5)[0]);

    [Fact]
    public void P2_the_intensity_is_the_day_s_rank()
    {
        Assert.Equal([1, 2, 3, 4], Intensities(10, 20, 30, 40));
        Assert.Equal([4, 4, 4, 4], Intensities(10, 10, 10, 10));
        // Two of three have at most 10: ⌈4·2/3⌉. How much more the third has plays no part.
        Assert.Equal([3, 3, 4, 0], Intensities(10, 10, 1_000_000, 0));
        // ⌈4/5⌉, ⌈8/5⌉, ⌈12/5⌉, ⌈16/5⌉, ⌈20/5⌉.
        Assert.Equal([1, 2, 3, 4, 4], Intensities(1, 2, 3, 4, 5));
    }

    [Fact]
    public void P2_the_intensity_is_what_counting_gives() =>
        Gen.Select(Gen.Int[0, 400], Gen.Long[0, 12]).Array[0, 300].Hold(history =>
        {
            var rows = history.DistinctBy(row => row.Item1).Select(row => Row(Today.PlusDays(20 - row.Item1), row.Item2)).ToArray();
            var window = rows.Where(row => row.Date <= Today && row.Date > Today.PlusDays(-365)).ToArray();
            var pulse = LearningPulse.Of(Today, rows, None);

            Assert.Equal(365, pulse.Days.Count);
            foreach (var day in pulse.Days)
            {
                var xp = window.SingleOrDefault(row => row.Date == day.Date)?.Xp ?? 0;
                var active = window.Where(row => row.Xp > 0).ToArray();
                var intensity = xp == 0 ? 0 : (int)Math.Ceiling(4m * active.Count(row => row.Xp <= xp) / active.Length);
                Assert.Equal((xp, intensity), (day.Xp, day.Intensity));
            }
        }, few: 300);

    [Fact]
    public void P3_the_window_tells_which_365_rows_are_read() =>
        Assert.Equal(LearningPulse.Of(Today, [], None).Days[0].Date, LearningPulse.StartOf(Today));

    [Fact]
    public void A_covered_day_is_marked()
    {
        var pulse = LearningPulse.Of(Today, [Row(Today, 5)], new HashSet<LocalDate> { Today.PlusDays(-1), Today.PlusDays(-400) });

        Assert.Equal(Today.PlusDays(-1), Assert.Single(pulse.Days, day => day.FreezeCovered).Date);
    }

    [Theory]
    [InlineData(7, 1)]
    [InlineData(8, 8)]
    [InlineData(10, 8)]
    [InlineData(14, 8)]
    [InlineData(15, 15)]
    public void The_week_runs_from_Sunday_to_Saturday_and_contains_today(int today, int sunday)
    {
        var start = new LocalDate(2026, 3, sunday);
        ActivityDay[] rows = [Row(start, 7), Row(start.PlusDays(-1), 70), Row(start.PlusDays(7), 70)];
        var week = WeeklyActivity.Of(new LocalDate(2026, 3, today), rows, None);

        Assert.Equal(Enumerable.Range(sunday, 7), week.Days.Select(day => day.Date.Day));
        Assert.Equal(IsoDayOfWeek.Sunday, week.Days[0].Date.DayOfWeek);
        Assert.Equal((7, 7), (week.TotalXp, week.Days[0].Xp));
    }

    [Fact]
    public void The_week_names_its_covered_dates()
    {
        var week = WeeklyActivity.Of(Today, [], new HashSet<LocalDate> { new(2026, 3, 9), new(2026, 3, 8), new(2026, 3, 7) });

        Assert.Equal([new LocalDate(2026, 3, 8), new LocalDate(2026, 3, 9)], week.FreezeCoveredDates);
    }

    private static int[] Intensities(params long[] xp)
    {
        var rows = xp.Select((amount, index) => Row(Today.PlusDays(index - xp.Length + 1), amount));
        return [.. LearningPulse.Of(Today, rows, None).Days.TakeLast(xp.Length).Select(day => day.Intensity)];
    }

    private static ActivityDay Row(LocalDate date, long xp) => new(date, xp, xp * 12, xp);
}
