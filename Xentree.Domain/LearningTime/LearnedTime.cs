using NodaTime;

namespace Xentree.Domain.LearningTime;

/// <summary>
/// Learning time by what it was learned with (X8): no second is in two of them. Daily aggregates keep it exactly; whole seconds
/// are made where it is shown.
/// </summary>
/// <param name="Conversations">Time of conversations that neither of the others claims.</param>
/// <param name="Xel">Time of the course that live does not claim.</param>
/// <param name="Live">Charged time of live sessions.</param>
public readonly record struct LearnedTime(Duration Conversations, Duration Xel, Duration Live)
{
    /// <summary>All of it.</summary>
    public Duration Total => Conversations + Xel + Live;

    /// <summary>Both together.</summary>
    public static LearnedTime operator +(LearnedTime one, LearnedTime other) =>
        new(one.Conversations + other.Conversations, one.Xel + other.Xel, one.Live + other.Live);

    /// <summary>What the first has more: a source that another took over seconds from has less.</summary>
    public static LearnedTime operator -(LearnedTime one, LearnedTime other) =>
        new(one.Conversations - other.Conversations, one.Xel - other.Xel, one.Live - other.Live);

    /// <summary>Both together.</summary>
    /// <param name="one">One.</param>
    /// <param name="other">The other.</param>
    public static LearnedTime Add(LearnedTime one, LearnedTime other) => one + other;

    /// <summary>What the first has more.</summary>
    /// <param name="one">One.</param>
    /// <param name="other">The other.</param>
    public static LearnedTime Subtract(LearnedTime one, LearnedTime other) => one - other;

    /// <summary>
    /// The user's learning time of each local day: a second that several claim belongs to live, else the course, else conversations.
    /// </summary>
    /// <param name="conversations">Counted time of sessions.</param>
    /// <param name="xel">What submissions claim.</param>
    /// <param name="live">Charged time.</param>
    /// <param name="dayAt">The local day of an instant.</param>
    /// <returns>The days that have any, oldest first.</returns>
    public static IReadOnlyDictionary<LocalDate, LearnedTime> ByDay(
        TimeUnion conversations, TimeUnion xel, TimeUnion live, Func<Instant, LocalDaySpan> dayAt)
    {
        SortedDictionary<LocalDate, LearnedTime> days = [];
        Add(live, part => new LearnedTime(Duration.Zero, Duration.Zero, part));
        Add(xel.Less(live), part => new LearnedTime(Duration.Zero, part, Duration.Zero));
        Add(conversations.Less(live.And(xel)), part => new LearnedTime(part, Duration.Zero, Duration.Zero));
        return days;

        void Add(TimeUnion union, Func<Duration, LearnedTime> of)
        {
            foreach (var (day, time) in union.Parts.SelectMany(part => Split(part, dayAt)))
                days[day] = days.GetValueOrDefault(day) + of(time);
        }
    }

    /// <summary>
    /// What an input changes in the daily aggregates. Both may be of one window, if it begins where no late signal reaches
    /// (<see cref="SegmentFold.Reach"/>): what lies before it is the same in both.
    /// </summary>
    /// <param name="before">The days without the input.</param>
    /// <param name="after">The days with it.</param>
    /// <returns>The days that change, oldest first.</returns>
    public static IReadOnlyDictionary<LocalDate, LearnedTime> Changes(
        IReadOnlyDictionary<LocalDate, LearnedTime> before, IReadOnlyDictionary<LocalDate, LearnedTime> after)
    {
        SortedDictionary<LocalDate, LearnedTime> changes = [];
        foreach (var day in before.Keys.Union(after.Keys))
        {
            var change = after.GetValueOrDefault(day) - before.GetValueOrDefault(day);
            if (change != default) changes[day] = change;
        }

        return changes;
    }

    private static IEnumerable<(LocalDate Day, Duration Time)> Split(Interval part, Func<Instant, LocalDaySpan> dayAt)
    {
        for (var start = part.Start; start < part.End;)
        {
            var span = dayAt(start);
            if (span.Until <= start) throw new InvalidOperationException("A local day must last beyond the instant it was asked for.");
            var end = Instant.Min(span.Until, part.End);
            yield return (span.Day, end - start);
            start = end;
        }
    }
}
