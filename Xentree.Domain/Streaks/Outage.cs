using NodaTime;
using Xentree.Domain.Days;

namespace Xentree.Domain.Streaks;

/// <summary>
/// Rule S10: a time in which learners could not learn. Every local day that overlaps it is bridged, for everybody, past ones too.
/// </summary>
/// <param name="From">Its first instant.</param>
/// <param name="To">The first instant after it; later than <paramref name="From"/>.</param>
public readonly record struct Outage(Instant From, Instant To)
{
    /// <summary>
    /// The first instant at which the outage can no longer be withdrawn: one of the local days that it bridges is over, in whichever
    /// zone that happens first.
    /// </summary>
    public Instant WithdrawableUntil()
    {
        var from = From;

        return Zones.All.Min(zone => LocalDays.EndOf(zone, from));
    }
}
