using NodaTime;

namespace Xentree.Domain.Pulse;

/// <summary>The daily aggregate of a local day.</summary>
/// <param name="Date">The local day.</param>
/// <param name="Xp">XP.</param>
/// <param name="LearningSeconds">Learning time in whole seconds.</param>
/// <param name="Activities">Events that were counted.</param>
public sealed record ActivityDay(LocalDate Date, long Xp, long LearningSeconds, long Activities);

/// <summary>A day of the heatmap.</summary>
/// <param name="Date">The date.</param>
/// <param name="Xp">XP.</param>
/// <param name="LearningSeconds">Learning time in whole seconds.</param>
/// <param name="Activities">Events that were counted.</param>
/// <param name="Intensity">0 without XP, else 1 to 4 by the day's rank among the window's active days (P2).</param>
/// <param name="FreezeCovered">Whether a saver covers it.</param>
public sealed record PulseDay(LocalDate Date, long Xp, long LearningSeconds, long Activities, int Intensity, bool FreezeCovered);

/// <summary>
/// The 365 dates that end today (P1). They are counted by the calendar, so a leap day is one of them, and so is a date that the
/// zone never had: nobody can have learned on it, and it shows zeros.
/// </summary>
/// <param name="TotalXp">XP of the window.</param>
/// <param name="ActiveDays">Days of the window with XP.</param>
/// <param name="Days">The days, oldest first, today last.</param>
public sealed record LearningPulse(long TotalXp, int ActiveDays, IReadOnlyList<PulseDay> Days)
{
    /// <summary>Dates in the window.</summary>
    public const int Length = 365;

    private const int Steps = 4;

    /// <summary>The first date of the window that ends on a date.</summary>
    /// <param name="today">The learner's local day.</param>
    public static LocalDate StartOf(LocalDate today) => today.PlusDays(1 - Length);

    /// <summary>The pulse of a day.</summary>
    /// <param name="today">The learner's local day.</param>
    /// <param name="rows">Daily aggregates, at most one a date, in any order; those outside the window are passed over.</param>
    /// <param name="covered">Dates that a saver covers.</param>
    public static LearningPulse Of(LocalDate today, IEnumerable<ActivityDay> rows, IReadOnlySet<LocalDate> covered)
    {
        var start = StartOf(today);
        var byDay = new ActivityDay?[Length];
        foreach (var row in rows)
        {
            var day = Period.DaysBetween(start, row.Date);
            if (0 <= day && day < Length) byDay[day] = row;
        }

        long[] ranked = [.. byDay.Where(row => row?.Xp > 0).Select(row => row!.Xp).Order()];
        var days = new PulseDay[Length];
        for (var (day, date) = (0, start); day < Length; day++, date = date.PlusDays(1))
        {
            days[day] = byDay[day] is { } row
                ? new PulseDay(date, row.Xp, row.LearningSeconds, row.Activities, Intensity(row.Xp, ranked), covered.Contains(date))
                : new PulseDay(date, 0, 0, 0, 0, covered.Contains(date));
        }

        return new LearningPulse(ranked.Sum(), ranked.Length, days);
    }

    private static int Intensity(long xp, long[] ranked)
    {
        if (xp <= 0) return 0;
        var atMost = UpperBound(ranked, xp);
        return ((Steps * atMost) + ranked.Length - 1) / ranked.Length;
    }

    private static int UpperBound(long[] ranked, long xp)
    {
        var (low, high) = (0, ranked.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ranked[middle] <= xp) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
