using NodaTime;

namespace Xentree.Domain.Xp;

/// <summary>A full minute of a live session.</summary>
/// <param name="Ordinal">Which minute of the session, from 1: with the session's id, the ledger's source id.</param>
/// <param name="CompletedAt">When its sixtieth second was over; its day is the local day of this instant.</param>
public readonly record struct LiveMinute(long Ordinal, Instant CompletedAt);

/// <summary>The minutes of live time that award XP (X5).</summary>
public static class LiveMinutes
{
    /// <summary>Seconds that make one.</summary>
    public const int Seconds = 60;

    /// <summary>The minutes that a growing charge completes, oldest first.</summary>
    /// <param name="startedAt">When the session started; it is charged from then on, without a gap.</param>
    /// <param name="secondsBefore">Seconds that were charged before.</param>
    /// <param name="secondsNow">Seconds that are charged now.</param>
    public static IEnumerable<LiveMinute> Completed(Instant startedAt, long secondsBefore, long secondsNow)
    {
        for (var ordinal = (secondsBefore / Seconds) + 1; ordinal <= secondsNow / Seconds; ordinal++)
            yield return new LiveMinute(ordinal, startedAt + Duration.FromSeconds(ordinal * Seconds));
    }
}
