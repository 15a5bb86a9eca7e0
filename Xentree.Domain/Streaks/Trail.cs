using NodaTime;
using NodaTime.Extensions;

namespace Xentree.Domain.Streaks;

/// <summary>
/// What became of each date of about the last year, a letter a date: long enough for the heatmap of 365 days, and small enough to
/// be part of a checkpoint. Two trails, of before and after, tell what happened in between (S12).
/// </summary>
/// <param name="First">The date of the first letter.</param>
/// <param name="Letters">
/// <c>a</c> active, <c>c</c> covered, <c>m</c> missed without a chain to break, <c>b</c> missed and the chain broke there; bridged:
/// <c>z</c> by a change of zone (D4's allowance), <c>o</c> by an outage, <c>l</c> since the zone lacks it; <c>-</c> open;
/// <c>.</c> before registration.
/// </param>
public sealed record Trail(DateOnly First, string Letters)
{
    internal const char Active = 'a';
    internal const char Covered = 'c';
    internal const char Missed = 'm';
    internal const char Broken = 'b';
    internal const char ZoneBridged = 'z';
    internal const char OutageBridged = 'o';
    internal const char Lacked = 'l';
    internal const char Open = '-';
    internal const char Unregistered = '.';

    /// <summary>How many dates before the present UTC date are kept.</summary>
    internal const int Kept = 370;

    /// <summary>The reason of a date; null before registration, before the trail, and after its last date.</summary>
    /// <param name="date">A date.</param>
    public DayReason? ReasonOf(LocalDate date) => Letter(date) switch
    {
        Active => DayReason.Active,
        Covered => DayReason.Covered,
        ZoneBridged or OutageBridged or Lacked => DayReason.Bridged,
        Missed or Broken => DayReason.Missed,
        Open => DayReason.Open,
        _ => null,
    };

    /// <summary>The letter of a date; null outside the trail.</summary>
    internal char? Letter(LocalDate date)
    {
        var index = date.ToDateOnly().DayNumber - First.DayNumber;

        return index >= 0 && index < Letters.Length ? Letters[index] : null;
    }

    /// <summary>The dates of a letter, from an index on, earliest first.</summary>
    internal IEnumerable<LocalDate> DatesOf(char letter, int start = 0)
    {
        for (var i = Letters.IndexOf(letter, start); i >= 0; i = Letters.IndexOf(letter, i + 1)) yield return First.AddDays(i).ToLocalDate();
    }
}
