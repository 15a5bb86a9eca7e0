using NodaTime;
using Xentree.Domain.Xp;

namespace Xentree.Domain.LearningTime;

/// <summary>
/// The segments of a user's conversation time (X3): the union of all sessions less the seconds that live owns, counted through
/// from a checkpoint. What is owed depends on when things happened alone; what is still due, on the rows that are there.
/// </summary>
public sealed class SegmentFold
{
    private readonly SegmentCheckpoint _from;
    private readonly IReadOnlyList<Piece> _pieces;
    private readonly XpRules _rules;

    private SegmentFold(SegmentCheckpoint from, IReadOnlyList<Piece> pieces, Func<Instant, LocalDaySpan> dayAt, XpRules rules)
    {
        (_from, _pieces, _rules) = (from, pieces, rules);
        var length = Duration.FromSeconds(rules.SegmentSeconds);
        var owed = OwedAtStart();
        List<Segment> segments = [];
        var counted = from.Counted;
        foreach (var piece in pieces)
        {
            var before = counted;
            counted += piece.Length;
            // The next multiple of a segment's length is where the next one is full; a remainder has been carried here.
            for (var full = length * (WholeSeconds.Floor(before, rules.SegmentSeconds) + 1); full <= counted; full += length)
            {
                var end = piece.IsBelated ? piece.Start : piece.Start + (full - before);
                var day = dayAt(piece.IsBelated ? end : end - Duration.Epsilon).Day;
                var ordinal = owed.GetValueOrDefault(day) + 1;
                // Beyond the day's most the time is used up: it has advanced the count and earns nothing.
                if (ordinal > rules.SegmentsPerDay) continue;
                owed[day] = ordinal;
                segments.Add(new Segment(day, ordinal, end, piece.IsBelated));
            }
        }

        (Segments, Counted) = (segments, counted);
    }

    /// <summary>The owed segments that were completed after the checkpoint, oldest first.</summary>
    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>All counted time, what lies before the checkpoint included.</summary>
    public Duration Counted { get; }

    /// <summary>
    /// The instant up to which nothing can change any more: a signal may arrive 72 h late, and then the gap before it, of less than
    /// 30 min, begins to count. A checkpoint lies at or before it; signals are loaded from 30 min before the checkpoint on.
    /// </summary>
    /// <param name="now">When the next signal is received, at the earliest.</param>
    /// <param name="rules">The rules in force.</param>
    public static Instant Reach(Instant now, XpRules rules) =>
        now - Duration.FromHours(rules.LateHours) - Duration.FromSeconds(rules.SessionEndSeconds);

    /// <summary>Folds on from a checkpoint.</summary>
    /// <param name="from">The checkpoint.</param>
    /// <param name="conversations">The counted time of all the user's sessions, at least from the checkpoint on.</param>
    /// <param name="live">The seconds that live owns, at least from the checkpoint on.</param>
    /// <param name="belated">Time that was told too late, at least from the checkpoint on.</param>
    /// <param name="dayAt">The local day of an instant.</param>
    /// <param name="rules">The rules in force.</param>
    public static SegmentFold Of(
        SegmentCheckpoint from,
        TimeUnion conversations,
        TimeUnion live,
        IEnumerable<BelatedTime> belated,
        Func<Instant, LocalDaySpan> dayAt,
        XpRules rules)
    {
        List<Piece> pieces = [];
        var rest = conversations.Less(live).From(from.At);
        foreach (var late in belated.Where(late => late.ReceivedAt >= from.At).OrderBy(late => late.ReceivedAt))
        {
            pieces.AddRange(rest.Before(late.ReceivedAt).Parts.Select(Learned));
            pieces.Add(new Piece(late.ReceivedAt, late.Counted, IsBelated: true));
            rest = rest.From(late.ReceivedAt);
        }

        pieces.AddRange(rest.Parts.Select(Learned));
        return new SegmentFold(from, pieces, dayAt, rules);

        static Piece Learned(Interval part) => new(part.Start, part.Duration, IsBelated: false);
    }

    /// <summary>
    /// The rows to write now: each day that a late signal can still reach gets what it is owed less what it has, oldest day first,
    /// and never so that all rows exceed the full segments of all time. Once they are written, nothing is due.
    /// </summary>
    /// <param name="had">The rows that are there.</param>
    /// <param name="now">When the input that leads here was received.</param>
    public IReadOnlyList<SegmentRow> Due(SegmentRows had, Instant now)
    {
        var reach = Reach(now, _rules);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_from.At, reach, nameof(now));
        var room = WholeSeconds.Floor(Counted, _rules.SegmentSeconds) - had.Total;
        List<SegmentRow> rows = [];
        foreach (var day in Segments.Where(segment => segment.CompletedAt > reach).GroupBy(segment => segment.Day))
        {
            var reachable = day.ToList();
            var owed = reachable[^1].Ordinal;
            for (var ordinal = had.ByDay.GetValueOrDefault(day.Key) + 1; ordinal <= owed && room > 0; ordinal++, room--)
            {
                // A row that was held back until its own segment went out of reach is dated with the first within it.
                var segment = reachable[Math.Max(0, ordinal - reachable[0].Ordinal)];
                rows.Add(new SegmentRow(day.Key, ordinal, segment.CompletedAt, !segment.IsBelated));
            }
        }

        return rows;
    }

    /// <summary>What this fold knows at an instant, to fold on from.</summary>
    /// <param name="at">An instant at or after this fold's own checkpoint.</param>
    public SegmentCheckpoint CheckpointAt(Instant at)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(at, _from.At);
        var owed = OwedAtStart();
        foreach (var segment in Segments.Where(segment => segment.IsBelated ? segment.CompletedAt < at : segment.CompletedAt <= at))
            owed[segment.Day] = segment.Ordinal;
        return SegmentCheckpoint.Of(at, _pieces.Aggregate(_from.Counted, (sum, piece) => sum + piece.LengthBefore(at)), owed);
    }

    private Dictionary<LocalDate, int> OwedAtStart() => _from.Days.ToDictionary(day => LocalDate.FromDateOnly(day.Day), day => day.Owed);

    private readonly record struct Piece(Instant Start, Duration Length, bool IsBelated)
    {
        public Duration LengthBefore(Instant at) =>
            at <= Start ? Duration.Zero : IsBelated ? Length : Duration.Min(Length, at - Start);
    }
}
