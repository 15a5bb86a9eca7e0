using CsCheck;
using NodaTime;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Xp;
using Xentree.Tests.Xp;

namespace Xentree.Tests.LearningTime;

/// <summary>Rules X8 and P5: who owns a second, and which day.</summary>
public sealed class LearnedTimeTests
{
    private static readonly DateTimeZone[] Zones = [Days.London, Days.NewYork, Days.Tokyo];
    private static readonly Instant Night = Instant.FromUtc(2026, 3, 28, 22, 0);

    [Fact]
    public void X8_a_second_belongs_to_live_else_the_course_else_conversations()
    {
        var days = LearnedTime.ByDay(Union((0, 100)), Union((50, 150)), Union((80, 90), (140, 200)), Days.In(Days.Tokyo));

        Assert.Equal(Learned(50, 80, 70), Assert.Single(days).Value);
    }

    [Fact]
    public void X8_the_course_claims_what_the_learner_spent_at_most_600_s_and_not_before_the_task_was_fetched()
    {
        var submitted = At(10_000);
        Assert.Equal(new Interval(At(9_880), submitted), Claim(120, At(0)));
        Assert.Equal(new Interval(At(9_400), submitted), Claim(601, At(0)));
        Assert.Equal(new Interval(At(9_950), submitted), Claim(120, At(9_950)));
        Assert.Equal(Duration.Zero, Claim(120, null).Duration);
        Assert.Equal(Duration.Zero, Claim(null, At(0)).Duration);
        Assert.Equal(Duration.Zero, Claim(-5, At(0)).Duration);
        Assert.Equal(Duration.Zero, Claim(120, At(10_001)).Duration);

        Interval Claim(long? spent, Instant? fetched) => XelClaim.Of(submitted, spent, fetched, XpRules.Default);
    }

    [Fact]
    public void P5_what_spans_midnight_is_split()
    {
        // 23:59:30 to 00:00:30 in London, on the eve of summer time.
        var report = Report(LearnedTime.ByDay(Union((7_170, 7_230)), TimeUnion.Empty, TimeUnion.Empty, Days.In(Days.London)));

        Assert.Equal([(new LocalDate(2026, 3, 28), 30L), (new LocalDate(2026, 3, 29), 30L)], Nonzero(report));
    }

    [Theory]
    [InlineData("Europe/London", 2026, 3, 29, 0, 30)]
    [InlineData("Europe/London", 2026, 10, 25, 0, 30)]
    [InlineData("America/New_York", 2026, 3, 8, 6, 30)]
    [InlineData("America/New_York", 2026, 11, 1, 5, 30)]
    [InlineData("America/Santiago", 2026, 9, 6, 3, 30)]
    [InlineData("Australia/Lord_Howe", 2026, 4, 4, 14, 30)]
    public void P5_an_hour1of_study_across_a_change_of_the_clock_is_3600_s(string zone, int year, int month, int day, int hour, int minute)
    {
        var start = Instant.FromUtc(year, month, day, hour, minute);
        var lesson = TimeUnion.Of([new Interval(start, start + Duration.FromHours(1))]);
        var days = LearnedTime.ByDay(lesson, TimeUnion.Empty, TimeUnion.Empty, Days.In(DateTimeZoneProviders.Tzdb[zone]));

        Assert.Equal(3_600, days.Values.Sum(time => WholeSeconds.Floor(time.Total)));
    }

    [Fact]
    public void P5_a_day_of_23_hours_is_23_hours()
    {
        var start = Instant.FromUtc(2026, 3, 28, 0, 0);
        var days = LearnedTime.ByDay(
            TimeUnion.Of([new Interval(start, start + Duration.FromHours(72))]), TimeUnion.Empty, TimeUnion.Empty, Days.In(Days.London));

        Assert.Equal([24, 23, 24, 1], days.Values.Select(time => WholeSeconds.Floor(time.Total, 3_600)));
    }

    [Fact]
    public void P5_each_second_is_a_source_s_and_a_day_s_as_counting_one_by_one_says()
    {
        var spans = Gen.Select(Gen.Int[0, 14_000], Gen.Int[1, 3_000]).Array[0, 3];
        Gen.Select(spans, spans, spans, Gen.Int[0, 14_000], Gen.Int[0, 2].Select(index => Zones[index])).Hold(history =>
        {
            var (conversations, xel, live, move, zone) = history;
            var dayAt = Days.In(Days.London, (At(move), zone));
            Dictionary<LocalDate, (long Conversations, long Xel, long Live)> naive = [];
            for (var second = 0; second < 17_000; second++)
            {
                var source = In(live) ? 2 : In(xel) ? 1 : In(conversations) ? 0 : -1;
                if (source < 0) continue;
                var day = At(second).InZone(second < move ? Days.London : zone).Date;
                var row = naive.GetValueOrDefault(day);
                naive[day] = source switch
                {
                    0 => row with { Conversations = row.Conversations + 1 },
                    1 => row with { Xel = row.Xel + 1 },
                    _ => row with { Live = row.Live + 1 },
                };
                bool In((int Start, int Length)[] parts) => parts.Any(part => part.Start <= second && second < part.Start + part.Length);
            }

            var days = LearnedTime.ByDay(Spans(conversations), Spans(xel), Spans(live), dayAt);
            Assert.Equal(
                naive.OrderBy(day => day.Key).Select(day => (day.Key, Learned(day.Value.Conversations, day.Value.Xel, day.Value.Live))),
                days.Select(day => (day.Key, day.Value)));
        }, few: 300);
    }

    [Fact]
    public void P5_days_and_sources_add_up_to_the_total_whatever_parts_of_seconds_there_are() =>
        Gen.Select(Gen.Long[0, 90_000_000_000], Gen.Long[0, 90_000_000_000], Gen.Long[0, 90_000_000_000]).Array[0, 40].Hold(times =>
        {
            var first = new LocalDate(2026, 2, 20);
            var days = times
                .Select(of => new LearnedTime(Duration.FromTicks(of.Item1), Duration.FromTicks(of.Item2), Duration.FromTicks(of.Item3)))
                .Index()
                .ToDictionary(day => first.PlusDays(day.Index), day => day.Item);
            var report = LearningTimeReport.Of(first, first.PlusDays(29), days);

            Assert.Equal(30, report.Days.Count);
            Assert.Equal(report.TotalSeconds, report.Days.Sum(day => day.Seconds));
            Assert.Equal(report.TotalSeconds, report.ConversationsSeconds + report.XelSeconds + report.LiveSeconds);
            Assert.Equal(times.Take(30).Sum(day => day.Item1 + day.Item2 + day.Item3) / NodaConstants.TicksPerSecond, report.TotalSeconds);
        });

    [Fact]
    public void P5_the_change_of_an_aggregate_is_a_difference()
    {
        var before = Learned(100, 20, 3);
        var after = Learned(90, 20, 33);

        Assert.Equal(after, before + (after - before));
        Assert.Equal(Duration.FromSeconds(20), (after - before).Total);
    }

    private static LearnedTime Learned(long conversations, long xel, long live) =>
        new(Duration.FromSeconds(conversations), Duration.FromSeconds(xel), Duration.FromSeconds(live));

    private static LearningTimeReport Report(IReadOnlyDictionary<LocalDate, LearnedTime> days) =>
        LearningTimeReport.Of(new LocalDate(2026, 3, 1), new LocalDate(2026, 3, 31), days);

    private static IEnumerable<(LocalDate, long)> Nonzero(LearningTimeReport report) =>
        report.Days.Where(day => day.Seconds > 0).Select(day => (day.Date, day.Seconds));

    private static TimeUnion Union(params (int Start, int End)[] parts) =>
        TimeUnion.Of(parts.Select(part => new Interval(At(part.Start), At(part.End))));

    private static TimeUnion Spans((int Start, int Length)[] parts) =>
        Union([.. parts.Select(part => (part.Start, part.Start + part.Length))]);

    private static Instant At(int second) => Night + Duration.FromSeconds(second);
}
