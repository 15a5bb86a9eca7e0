using NodaTime;

namespace Xentree.Domain.LearningTime;

/// <summary>Learning time of a range of local days in whole seconds (P5).</summary>
/// <param name="TotalSeconds">All of it: the sum of the days and the sum of the sources.</param>
/// <param name="ConversationsSeconds">What belongs to conversations.</param>
/// <param name="XelSeconds">What belongs to the course.</param>
/// <param name="LiveSeconds">What belongs to live.</param>
/// <param name="Days">Every date of the range, oldest first.</param>
public sealed record LearningTimeReport(
    long TotalSeconds, long ConversationsSeconds, long XelSeconds, long LiveSeconds, IReadOnlyList<DaySeconds> Days)
{
    /// <summary>The report of a range.</summary>
    /// <param name="first">Its first date.</param>
    /// <param name="last">Its last date.</param>
    /// <param name="days">Exact time of days; those outside the range are passed over.</param>
    public static LearningTimeReport Of(LocalDate first, LocalDate last, IReadOnlyDictionary<LocalDate, LearnedTime> days)
    {
        List<LocalDate> dates = [];
        for (var date = first; date <= last; date = date.PlusDays(1)) dates.Add(date);
        List<LearnedTime> times = [.. dates.Select(date => days.GetValueOrDefault(date))];
        var sum = times.Aggregate(default(LearnedTime), (one, other) => one + other);

        var byDay = WholeSeconds.Of(times.Select(time => time.Total));
        var bySource = WholeSeconds.Of([sum.Live, sum.Xel, sum.Conversations]);
        return new LearningTimeReport(
            bySource.Sum(), bySource[2], bySource[1], bySource[0], [.. dates.Zip(byDay, (date, seconds) => new DaySeconds(date, seconds))]);
    }
}

/// <summary>Learning time of a date.</summary>
/// <param name="Date">The date.</param>
/// <param name="Seconds">Whole seconds.</param>
public readonly record struct DaySeconds(LocalDate Date, long Seconds);
