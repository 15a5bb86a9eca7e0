using NodaTime;

namespace Xentree.Domain.Pulse;

/// <summary>XP of a date.</summary>
/// <param name="Date">The date.</param>
/// <param name="Xp">XP.</param>
public readonly record struct DayOfWeekXp(LocalDate Date, long Xp);

/// <summary>The week, Sunday to Saturday, that contains today.</summary>
/// <param name="TotalXp">XP of the week.</param>
/// <param name="Days">Its seven days, Sunday first; those to come are zeros.</param>
/// <param name="FreezeCoveredDates">Its dates that a saver covers, oldest first.</param>
public sealed record WeeklyActivity(long TotalXp, IReadOnlyList<DayOfWeekXp> Days, IReadOnlyList<LocalDate> FreezeCoveredDates)
{
    private const int Length = 7;

    /// <summary>The Sunday on or before a date.</summary>
    /// <param name="today">The learner's local day.</param>
    public static LocalDate StartOf(LocalDate today) => today.PlusDays(-((int)today.DayOfWeek % Length));

    /// <summary>The Saturday on or after a date.</summary>
    /// <param name="today">The learner's local day.</param>
    public static LocalDate EndOf(LocalDate today) => StartOf(today).PlusDays(Length - 1);

    /// <summary>The week of a day.</summary>
    /// <param name="today">The learner's local day.</param>
    /// <param name="rows">Daily aggregates, at most one a date, in any order; those outside the week are passed over.</param>
    /// <param name="covered">Dates that a saver covers.</param>
    public static WeeklyActivity Of(LocalDate today, IEnumerable<ActivityDay> rows, IReadOnlySet<LocalDate> covered)
    {
        LocalDate[] dates = [.. Enumerable.Range(0, Length).Select(StartOf(today).PlusDays)];
        var byDate = rows.Where(row => dates[0] <= row.Date && row.Date <= dates[^1]).ToDictionary(row => row.Date, row => row.Xp);
        return new WeeklyActivity(
            byDate.Values.Sum(),
            [.. dates.Select(date => new DayOfWeekXp(date, byDate.GetValueOrDefault(date)))],
            [.. dates.Where(covered.Contains)]);
    }
}
