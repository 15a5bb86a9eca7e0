using NodaTime;

namespace Xentree.Domain.LearningTime;

/// <summary>
/// A set of instants: disjoint, non-touching intervals in order, each from its start up to but without its end. Exact: no second
/// is rounded, whatever part of one a signal falls on.
/// </summary>
public sealed class TimeUnion
{
    private TimeUnion(IReadOnlyList<Interval> parts) => Parts = parts;

    /// <summary>No time at all.</summary>
    public static TimeUnion Empty { get; } = new([]);

    /// <summary>The intervals, oldest first; none empty, no two touching.</summary>
    public IReadOnlyList<Interval> Parts { get; }

    /// <summary>The time in it.</summary>
    public Duration Total => Parts.Aggregate(Duration.Zero, (sum, part) => sum + part.Duration);

    /// <summary>The instants that at least one of the intervals holds.</summary>
    /// <param name="intervals">Bounded intervals, in any order, overlapping or not.</param>
    public static TimeUnion Of(IEnumerable<Interval> intervals)
    {
        List<Interval> parts = [];
        foreach (var next in intervals.Where(interval => interval.Start < interval.End).OrderBy(interval => interval.Start))
        {
            if (parts.Count > 0 && next.Start <= parts[^1].End)
                parts[^1] = new Interval(parts[^1].Start, Instant.Max(parts[^1].End, next.End));
            else
                parts.Add(next);
        }

        return parts.Count == 0 ? Empty : new TimeUnion(parts);
    }

    /// <summary>The instants of either.</summary>
    /// <param name="other">The other set.</param>
    public TimeUnion And(TimeUnion other) => Of(Parts.Concat(other.Parts));

    /// <summary>The instants of this that the other lacks.</summary>
    /// <param name="other">What is taken away.</param>
    public TimeUnion Less(TimeUnion other)
    {
        List<Interval> parts = [];
        var first = 0;
        foreach (var part in Parts)
        {
            var start = part.Start;
            while (first < other.Parts.Count && other.Parts[first].End <= start) first++;
            for (var index = first; index < other.Parts.Count && other.Parts[index].Start < part.End; index++)
            {
                if (start < other.Parts[index].Start) parts.Add(new Interval(start, other.Parts[index].Start));
                start = Instant.Max(start, other.Parts[index].End);
            }

            if (start < part.End) parts.Add(new Interval(start, part.End));
        }

        return new TimeUnion(parts);
    }

    /// <summary>What of it lies at or after an instant.</summary>
    /// <param name="instant">The first instant that is kept.</param>
    public TimeUnion From(Instant instant) => new([.. Parts
        .Where(part => part.End > instant)
        .Select(part => new Interval(Instant.Max(part.Start, instant), part.End))]);

    /// <summary>What of it lies before an instant.</summary>
    /// <param name="instant">The first instant that is dropped.</param>
    public TimeUnion Before(Instant instant) => new([.. Parts
        .Where(part => part.Start < instant)
        .Select(part => new Interval(part.Start, Instant.Min(part.End, instant)))]);
}
