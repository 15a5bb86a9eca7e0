using NodaTime;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Xp;

namespace Xentree.Tests.LearningTime;

/// <summary>Rule X3, by its figures.</summary>
public sealed class SegmentTests
{
    private static readonly LocalDate Tenth = new(2026, 3, 10);
    private static readonly LocalDate Eleventh = new(2026, 3, 11);
    private static readonly Func<Instant, LocalDaySpan> InLondon = Days.In(Days.London);

    [Fact]
    public void X3_every_full_60_s_gives_5_XP()
    {
        Assert.Equal((5, 60, 120), (XpRules.Default.SegmentXp, XpRules.Default.SegmentSeconds, XpRules.Default.SegmentsPerDay));
        Assert.Empty(Rows(Part(10, 0, 0, 59)));
        Assert.Equal([(Tenth, 1)], Rows(Part(10, 0, 0, 60)));
        Assert.Equal([(Tenth, 1), (Tenth, 2)], Rows(Part(10, 0, 0, 179)));
    }

    [Fact]
    public void X3_a_segment_belongs_to_the_day_that_contains_its_last_second()
    {
        Assert.Equal([(Tenth, 1)], Rows(Part(23, 59, 0, 60)));
        Assert.Equal([(Eleventh, 1)], Rows(Part(23, 59, 1, 60)));
        Assert.Equal(Instant.FromUtc(2026, 3, 11, 0, 0), Fold(Part(23, 59, 0, 60)).Segments.Single().CompletedAt);
    }

    [Fact]
    public void X3_a_remainder_carries_on_over_midnight_too()
    {
        Assert.Equal([(Eleventh, 1)], Rows(Part(23, 59, 15, 45), Part(24, 10, 0, 15)));
        Assert.Equal([(Tenth, 1), (Eleventh, 1)], Rows(Part(23, 58, 15, 105), Part(24, 10, 0, 15)));
    }

    [Fact]
    public void X3_45_s_in_one_conversation_and_45_s_in_another_are_one_segment()
    {
        Assert.Equal([(Tenth, 1)], Rows(Part(10, 0, 0, 45), Part(11, 0, 0, 45)));
        Assert.Equal(Instant.FromUtc(2026, 3, 10, 11, 0, 15), Fold(Part(10, 0, 0, 45), Part(11, 0, 0, 45)).Segments.Single().CompletedAt);
    }

    [Fact]
    public void X3_seconds_of_two_sessions_at_once_count_once() =>
        Assert.Equal([(Tenth, 1)], Rows(Part(10, 0, 0, 60), Part(10, 0, 0, 60), Part(10, 0, 30, 60)));

    [Fact]
    public void X3_at_most_120_segments_a_local_day_and_the_excess_is_used_up()
    {
        // Two hours, and 59 min 30 s more than the day pays: the night's first segment still begins with the carried 30 s.
        var rows = Rows(Part(21, 0, 30, 3 * 3_600));

        Assert.Equal(120, rows.Count(row => row.Day == Tenth));
        Assert.Equal([(Eleventh, 1)], rows.Where(row => row.Day == Eleventh));
        Assert.Equal(Enumerable.Range(1, 120), rows.Where(row => row.Day == Tenth).Select(row => row.Ordinal));
    }

    [Fact]
    public void X3_after_a_late_signal_each_day_gets_what_it_is_owed_less_what_it_has()
    {
        // 30 s on the 10th arrive after 100 s of the 11th were paid with one row: together they are owed two rows of the 11th.
        var fold = Fold(Part(23, 0, 0, 30), Part(24, 10, 0, 100));
        Assert.Equal([(Eleventh, 2)], Ids(fold.Due(Had((Eleventh, 1)), Now)));

        // Two minutes on the 10th arrive late: they are its own.
        fold = Fold(Part(23, 0, 0, 120), Part(24, 10, 0, 100));
        Assert.Equal([(Tenth, 1), (Tenth, 2)], Ids(fold.Due(Had((Eleventh, 1)), Now)));
    }

    [Fact]
    public void X3_all_rows_never_exceed_the_full_segments_of_all_seconds()
    {
        // The 11th was paid for 50 s of the 10th and 10 s of its own. Ten more on the 10th fill that day's segment, but a row stays.
        var fold = Fold(Part(23, 0, 0, 60), Part(24, 10, 0, 10));

        Assert.Equal([(Tenth, 1)], fold.Segments.Select(segment => (segment.Day, segment.Ordinal)));
        Assert.Empty(fold.Due(Had((Eleventh, 1)), Now));
        // The next full minute pays the day that was held back first; today's comes with the minute after.
        Assert.Equal([(Tenth, 1)], Ids(Fold(Part(23, 0, 0, 60), Part(24, 10, 0, 60)).Due(Had((Eleventh, 1)), Now)));
    }

    [Fact]
    public void X3_what_is_due_is_due_once()
    {
        var fold = Fold(Part(23, 0, 0, 3_700));
        var rows = fold.Due(Had(), Now);
        var byDay = rows.GroupBy(row => row.Day).ToDictionary(day => day.Key, day => day.Count());

        Assert.Equal(61, rows.Count);
        Assert.Empty(fold.Due(new SegmentRows(rows.Count, byDay), Now));
    }

    [Fact]
    public void X3_the_source_id_is_day_and_ordinal() => Assert.Equal("2026-03-10/7", new SegmentRow(Tenth, 7, Now, true).SourceId);

    [Fact]
    public void X8_a_second_that_live_owns_earns_no_segment()
    {
        var fold = SegmentFold.Of(
            SegmentCheckpoint.Beginning, Union(Part(10, 0, 0, 120)), Union(Part(10, 0, 30, 60)), [], InLondon, XpRules.Default);

        Assert.Equal(Duration.FromSeconds(60), fold.Counted);
        Assert.Equal(Instant.FromUtc(2026, 3, 10, 10, 2), fold.Segments.Single().CompletedAt);
    }

    [Fact]
    public void D6_time_told_more_than_72_h_late_is_dated_as_received_and_makes_no_day_active()
    {
        var fold = SegmentFold.Of(
            SegmentCheckpoint.Beginning,
            Union(Part(10, 0, 0, 90)),
            TimeUnion.Empty,
            [new BelatedTime(Now, Duration.FromSeconds(100))],
            InLondon,
            XpRules.Default);

        Assert.Equal(
            [(Tenth, 1, true), (Now.InUtc().Date, 1, false), (Now.InUtc().Date, 2, false)],
            fold.Due(Had(), Now).Select(row => (row.Day, row.Ordinal, row.MakesDayActive)));
    }

    [Fact]
    public void D6_time_told_too_late_is_what_its_signal_makes_count_out_of_reach_of_a_late_event()
    {
        // 72 h before 12:00 is 12:00 on the 10th: of the 100 s that are new 40 s lie before it, and 10 s of those live owns.
        var received = Instant.FromUtc(2026, 3, 13, 12, 0);
        var (before, after, live) = (Union(Part(11, 59, 0, 20)), Union(Part(11, 59, 0, 120)), Union(Part(11, 59, 30, 10)));
        var told = BelatedTime.Of(received, before, after, live, XpRules.Default);

        Assert.Equal(new BelatedTime(received, Duration.FromSeconds(30)), told);
        Assert.Equal(72, XpRules.Default.LateHours);
    }

    [Fact]
    public void X3_a_fold_that_starts_within_reach_of_a_late_signal_gives_no_rows()
    {
        var reach = SegmentFold.Reach(Now, XpRules.Default);
        var fold = Fold(Part(10, 0, 0, 60));

        Assert.Equal(Now - Duration.FromHours(72) - Duration.FromMinutes(30), reach);
        SegmentFold Of(SegmentCheckpoint from) => SegmentFold.Of(from, TimeUnion.Empty, TimeUnion.Empty, [], InLondon, XpRules.Default);
        Assert.Empty(Of(fold.CheckpointAt(reach)).Due(Had(), Now));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(fold.CheckpointAt(reach + Duration.Epsilon * 100)).Due(Had(), Now));
    }

    private static Instant Now => Instant.FromUtc(2026, 3, 12, 12, 0);

    private static SegmentFold Fold(params Interval[] parts) =>
        SegmentFold.Of(SegmentCheckpoint.Beginning, Union(parts), TimeUnion.Empty, [], InLondon, XpRules.Default);

    private static List<(LocalDate Day, int Ordinal)> Rows(params Interval[] parts) => Ids(Fold(parts).Due(Had(), Now));

    private static List<(LocalDate Day, int Ordinal)> Ids(IEnumerable<SegmentRow> rows) => [.. rows.Select(row => (row.Day, row.Ordinal))];

    private static SegmentRows Had(params (LocalDate Day, int Rows)[] days) =>
        new(days.Sum(day => day.Rows), days.ToDictionary(day => day.Day, day => day.Rows));

    private static TimeUnion Union(params Interval[] parts) => TimeUnion.Of(parts);

    // London is on UTC in early March; an hour of 24 is the next day's first.
    private static Interval Part(int hour, int minute, int second, int length)
    {
        var start = Instant.FromUtc(2026, 3, 10, 0, 0) + Duration.FromSeconds((((hour * 60) + minute) * 60) + second);
        return new Interval(start, start + Duration.FromSeconds(length));
    }
}
