using System.Text.Json;
using CsCheck;
using NodaTime;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Xp;
using Xentree.Tests.Xp;

namespace Xentree.Tests.LearningTime;

/// <summary>
/// Rules X2 and X3 over generated histories: signals of three conversations that arrive late and out of order, a live session that
/// grows, time told too late, changes of zone, a day's most; with windows of an hour instead of three days, so that they slide.
/// </summary>
public sealed class SegmentHistoryTests
{
    private const int Length = 40_000;
    private static readonly Instant Start = Instant.FromUtc(2026, 3, 28, 19, 0);
    private static readonly DateTimeZone[] Zones = [Days.London, Days.NewYork, Days.Tokyo];

    private static readonly Gen<Told> Tellings =
        from gap in Gen.Frequency(
            (6, Gen.Int[1, 59]), (2, Gen.Const(60)), (3, Gen.Int[61, 400]), (1, Gen.Int[1_799, 1_801]), (1, Gen.Int[1_802, 5_000]))
        from conversation in Gen.Int[0, 2]
        from kind in Gen.Frequency(
            (2, Gen.Const(SignalKind.Start)),
            (4, Gen.Const(SignalKind.Activity)),
            (4, Gen.Const(SignalKind.ChatTurn)),
            (1, Gen.Const(SignalKind.End)))
        from late in Gen.Frequency((5, Gen.Const(0)), (2, Gen.Int[1, 300]), (2, Gen.Int[300, 3_600]))
        from belated in Gen.Frequency((12, Gen.Const(0)), (1, Gen.Int[1, 200]))
        from checkpoint in Gen.Int[0, 100]
        select new Told(gap, conversation, kind, late, belated, checkpoint);

    // Two minutes before London's midnight are one of the beginnings, so that segments end with the day.
    private static readonly Gen<History> Learned =
        from tellings in Tellings.Array[1, 40]
        from perDay in Gen.Frequency((2, Gen.Int[1, 5]), (3, Gen.Const(120)))
        from liveStart in Gen.Int[0, 20_000]
        from liveLength in Gen.Int[0, 3_000]
        from moveAt in Gen.Int[0, 30_000]
        from zone in Gen.Int[0, 2]
        from begin in Gen.Frequency((2, Gen.Int[0, 20_000]), (1, Gen.Const(17_880)))
        select new History(tellings, perDay, liveStart, liveLength, moveAt, zone, begin);

    [Fact]
    public void X3_rows_are_what_counting_second_by_second_gives_whatever_checkpoint_they_are_folded_from() =>
        Learned.Hold(history => Replay(history), few: 500);

    [Fact]
    public void X3_what_is_owed_does_not_depend_on_the_order_of_arrival() =>
        Gen.Select(Learned, Gen.Int).Hold(pair =>
        {
            var (history, seed) = pair;
            var dayAt = history.DayAt();
            // Chat turns alone: whether an end is one, or an activity is accepted, is a matter of arrival by rule X2 itself.
            var signals = history.Arrivals()
                .Select(told => (told.Conversation, Signal: new SessionSignal(Guid.Empty, SignalKind.ChatTurn, At(told.Second))))
                .ToArray();
            var shuffled = signals.ToArray();
            new Random(seed).Shuffle(shuffled);

            Assert.Equal(Fold(signals).Segments, Fold(shuffled).Segments);
            Assert.Equal(Fold(signals).Counted, Fold(shuffled).Counted);

            var (one, other) = (RowsAfter(signals), RowsAfter(shuffled));
            Assert.Equal(one, other);

            SegmentFold Fold(IEnumerable<(int Conversation, SessionSignal Signal)> of) =>
                SegmentFold.Of(SegmentCheckpoint.Beginning, Union(of, history.Rules()), TimeUnion.Empty, [], dayAt, history.Rules());

            // Which days are paid may differ, for what was awarded stays; how many rows there are does not, below the day's most.
            long RowsAfter((int Conversation, SessionSignal Signal)[] arrivals)
            {
                var rules = history.Rules() with { LateHours = 100, SegmentsPerDay = 1_000 };
                Dictionary<LocalDate, int> rows = [];
                for (var count = 1; count <= arrivals.Length; count++)
                {
                    var learned = Union(arrivals.Take(count), rules);
                    var fold = SegmentFold.Of(SegmentCheckpoint.Beginning, learned, TimeUnion.Empty, [], dayAt, rules);
                    foreach (var row in fold.Due(new SegmentRows(rows.Values.Sum(), rows), At(Length)))
                        rows[row.Day] = rows.GetValueOrDefault(row.Day) + 1;
                    Assert.Equal(WholeSeconds.Floor(fold.Counted, 60), rows.Values.Sum());
                }

                return rows.Values.Sum();
            }
        }, few: 500);

    private static void Replay(History history)
    {
        var rules = history.Rules();
        var dayAt = history.DayAt();
        var naive = new NaiveLearning(rules, second => dayAt(At(second)).Day);
        List<(int Conversation, SessionSignal Signal)> recorded = [];
        List<BelatedTime> belated = [];
        Dictionary<LocalDate, int> rows = [];
        var checkpoint = SegmentCheckpoint.Beginning;
        Dictionary<LocalDate, LearnedTime> aggregates = [];
        var (learnedBefore, liveBefore) = (TimeUnion.Empty, TimeUnion.Empty);

        foreach (var told in history.Arrivals())
        {
            var now = told.Second + told.Late;
            var conversation = recorded.Where(signal => signal.Conversation == told.Conversation).Select(signal => signal.Signal).ToList();
            var accepted = LearningSession.Accept(conversation, told.Kind, At(told.Second), rules);
            Assert.Equal(naive.Tell(told.Conversation, told.Kind, told.Second), accepted);
            if (accepted is { } kind) recorded.Add((told.Conversation, new SessionSignal(Guid.Empty, kind, At(told.Second))));
            if (told.Belated > 0)
            {
                belated.Add(new BelatedTime(At(now), Duration.FromSeconds(told.Belated)));
                naive.TellBelated(now, told.Belated);
            }

            var liveEnd = Math.Clamp(now, history.LiveStart, history.LiveStart + history.LiveLength);
            var live = TimeUnion.Of([new Interval(At(history.LiveStart), At(liveEnd))]);
            var whole = SegmentFold.Of(SegmentCheckpoint.Beginning, Union(recorded, rules), live, belated, dayAt, rules);
            var paid = naive.Pay(now, second => history.LiveStart <= second && second < liveEnd);
            var due = whole.Due(new SegmentRows(rows.Values.Sum(), rows), At(now));

            Assert.Equal(naive.Total, WholeSeconds.Floor(whole.Counted));
            Assert.Equal(paid, due.Select(row => row.Day));

            // The daily aggregates, kept by the differences of a window, are those of a rebuild.
            var learned = Union(recorded, rules);
            foreach (var (day, change) in LearnedTime.Changes(ByDay(learnedBefore, liveBefore), ByDay(learned, live)))
                aggregates[day] = aggregates.GetValueOrDefault(day) + change;
            Assert.Equal(
                LearnedTime.ByDay(learned, TimeUnion.Empty, live, dayAt).OrderBy(day => day.Key),
                aggregates.Where(day => day.Value != default).OrderBy(day => day.Key));
            (learnedBefore, liveBefore) = (learned, live);

            // Fold on from the checkpoint that is kept, with only what a window loads, through its stored form; then move it.
            var window = Window(checkpoint);
            Assert.Equal(whole.Counted, window.Counted);
            Assert.Equal(due, window.Due(new SegmentRows(rows.Values.Sum(), rows), At(now)));

            foreach (var row in due)
            {
                rows[row.Day] = rows.GetValueOrDefault(row.Day) + 1;
                Assert.Equal(rows[row.Day], row.Ordinal);
            }

            Assert.Equal(naive.Rows.OrderBy(day => day.Key), rows.OrderBy(day => day.Key));
            Assert.Empty(whole.Due(new SegmentRows(rows.Values.Sum(), rows), At(now)));

            var reach = SegmentFold.Reach(At(now), rules);
            var next = reach - Duration.FromMilliseconds(told.Checkpoint * 10_007);
            if (next < checkpoint.At) continue;
            var stored = JsonSerializer.Serialize(window.CheckpointAt(next));
            Assert.Equal(JsonSerializer.Serialize(whole.CheckpointAt(next)), stored);
            checkpoint = JsonSerializer.Deserialize<SegmentCheckpoint>(stored)!;

            IReadOnlyDictionary<LocalDate, LearnedTime> ByDay(TimeUnion conversations, TimeUnion ofLive) =>
                LearnedTime.ByDay(conversations.From(checkpoint.At), TimeUnion.Empty, ofLive.From(checkpoint.At), dayAt);

            SegmentFold Window(SegmentCheckpoint from)
            {
                var end = Duration.FromSeconds(rules.SessionEndSeconds);
                var first = from == SegmentCheckpoint.Beginning ? from.At : from.At - end;
                var loaded = recorded.Where(signal => signal.Signal.OccurredAt >= first);
                return SegmentFold.Of(from, Union(loaded, rules), live, belated.Where(late => late.ReceivedAt >= from.At), dayAt, rules);
            }
        }
    }

    private static TimeUnion Union(IEnumerable<(int Conversation, SessionSignal Signal)> signals, XpRules rules) =>
        TimeUnion.Of(signals
            .GroupBy(signal => signal.Conversation, signal => signal.Signal)
            .SelectMany(conversation => LearningSession.Of(conversation, rules))
            .SelectMany(session => session.Counted.Parts));

    private static Instant At(int second) => Start + Duration.FromSeconds(second);

    private sealed record Told(int Gap, int Conversation, SignalKind Kind, int Late, int Belated, int Checkpoint)
    {
        public int Second { get; init; }
    }

    private sealed record History(Told[] Tellings, int PerDay, int LiveStart, int LiveLength, int MoveAt, int Zone, int Begin)
    {
        public XpRules Rules() => (XpRules.Default with { LateHours = 1, SegmentsPerDay = PerDay }).Validate();

        public Func<Instant, LocalDaySpan> DayAt() => Days.In(Days.London, (At(MoveAt), Zones[Zone]));

        public IEnumerable<Told> Arrivals()
        {
            var second = Begin;
            List<Told> happened = [];
            foreach (var told in Tellings)
            {
                if (second > Length - 5_000) break;
                happened.Add(told with { Second = second });
                second += told.Gap;
            }

            return happened.OrderBy(told => told.Second + told.Late);
        }
    }
}
