using NodaTime;
using NodaTime.TimeZones;

namespace Xentree.Domain.Days;

/// <summary>
/// The days of a zone (rules D1 and D2). A day runs from its first instant to the next date's first instant, so it may have 23,
/// 23.5, 24.5 or 25 hours, and nothing here adds 24 of them. Days follow one another: a clock that is set back past midnight
/// does not bring a day back that is over.
/// </summary>
public static class LocalDays
{
    /// <summary>The date of the day that an instant lies in.</summary>
    /// <param name="zone">The zone in force.</param>
    /// <param name="instant">The instant.</param>
    public static LocalDate DateOf(DateTimeZone zone, Instant instant)
    {
        var date = instant.InZone(zone).Date;
        var next = date.PlusDays(1);

        // St John's set its clocks back at one minute past midnight: the new day had begun and went on.
        return instant < FirstInstant(zone, next) ? date : next;
    }

    /// <summary>
    /// The first instant of a date; of a date that the zone lacks, the first instant of the next one, so that it is an empty day.
    /// </summary>
    /// <param name="zone">The zone in force.</param>
    /// <param name="date">A date.</param>
    public static Instant FirstInstant(DateTimeZone zone, LocalDate date)
    {
        var midnight = zone.MapLocal(date.AtMidnight());

        return midnight.Count == 0 ? midnight.LateInterval.Start : midnight.First().ToInstant();
    }

    /// <summary>The day of a date: its first instant, and the next date's.</summary>
    /// <param name="zone">The zone in force.</param>
    /// <param name="date">A date.</param>
    public static Interval Day(DateTimeZone zone, LocalDate date) => new(FirstInstant(zone, date), FirstInstant(zone, date.PlusDays(1)));

    /// <summary>Rule D4: whether the zone never had this date, as Apia had no 2011-12-30.</summary>
    /// <param name="zone">A zone.</param>
    /// <param name="date">A date.</param>
    public static bool Lacks(DateTimeZone zone, LocalDate date) => FirstInstant(zone, date) == FirstInstant(zone, date.PlusDays(1));

    /// <summary>When the day that an instant lies in is over: the <c>resets_at</c> of quests and streaks.</summary>
    /// <param name="zone">The zone in force.</param>
    /// <param name="instant">The instant.</param>
    public static Instant EndOf(DateTimeZone zone, Instant instant) => FirstInstant(zone, DateOf(zone, instant).PlusDays(1));

    /// <summary>The dates that a zone lacks, from one date to before another.</summary>
    internal static IEnumerable<LocalDate> LackedBetween(DateTimeZone zone, LocalDate first, LocalDate end)
    {
        if (end <= first) yield break;

        // Only a jump of the clock by a day skips a date, and a year has few intervals: asking each date would cost far more.
        ZoneInterval? before = null;
        foreach (var interval in zone.GetZoneIntervals(FirstInstant(zone, first), FirstInstant(zone, end) + Duration.Epsilon))
        {
            if (before is not null && interval.WallOffset.Seconds - before.WallOffset.Seconds >= NodaConstants.SecondsPerDay / 2)
            {
                for (var date = before.IsoLocalEnd.Date; date < interval.IsoLocalStart.Date; date = date.PlusDays(1))
                {
                    if (date >= first && date < end && Lacks(zone, date)) yield return date;
                }
            }

            before = interval;
        }
    }
}
