using NodaTime;

namespace Xentree.Domain.Streaks;

/// <summary>
/// The numbers of days and streaks, of one version. A change of them is a new version with a later <see cref="EffectiveFrom"/>, so
/// that history keeps the rules it was made under.
/// </summary>
public sealed record StreakRules
{
    /// <summary>The numbers as published, in force since ever.</summary>
    public static StreakRules Default { get; } = new();

    /// <summary>Counts up from 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The first instant at which this version is in force.</summary>
    public Instant EffectiveFrom { get; init; } = Instant.MinValue;

    /// <summary>S8: a grant or a purchase that would make more savers than this is lost or refused.</summary>
    public int MaxSavers { get; init; } = 2;

    /// <summary>S8: a saver is granted at each multiple of this of the current streak, in active days.</summary>
    public int GrantEvery { get; init; } = 7;

    /// <summary>S8: what a saver costs, in tokens.</summary>
    public int SaverCost { get; init; } = 50;

    /// <summary>D4: a date that a change of zone cut off is bridged when none of so many dates before it was.</summary>
    public int DatesBetweenBridges { get; init; } = 6;

    /// <summary>D6: how late an event may arrive and still count for the day on which it happened; this late is not too late.</summary>
    public Duration LateWindow { get; init; } = Duration.FromHours(72);

    /// <summary>D6: how far ahead a client's clock may be; an event from this far ahead is taken as now.</summary>
    public Duration ClockTolerance { get; init; } = Duration.FromMinutes(5);

    /// <summary>D5: how many changes of zone take effect in one <see cref="ZoneChangeWindow"/>.</summary>
    public int ZoneChangeLimit { get; init; } = 3;

    /// <summary>D5: the rolling window of <see cref="ZoneChangeLimit"/>.</summary>
    public Duration ZoneChangeWindow { get; init; } = Duration.FromHours(168);

    /// <summary>S12: how long a broken streak is provisional; no shorter than <see cref="LateWindow"/>.</summary>
    public Duration ProvisionalFor { get; init; } = Duration.FromHours(72);

    /// <summary>The latest instant at which a checkpoint may be taken: no input can change what happened before it.</summary>
    /// <param name="now">Now, by the user's business clock.</param>
    public Instant CheckpointHorizon(Instant now) => now - LateWindow;

    /// <summary>Throws unless the numbers make sense together.</summary>
    /// <exception cref="ArgumentException">One of them does not.</exception>
    public StreakRules Validated()
    {
        Require(Version >= 1, nameof(Version));
        Require(MaxSavers >= 0, nameof(MaxSavers));
        Require(GrantEvery >= 1, nameof(GrantEvery));
        Require(SaverCost >= 0, nameof(SaverCost));
        Require(DatesBetweenBridges is >= 0 and <= 300, nameof(DatesBetweenBridges));
        Require(LateWindow >= Duration.Zero, nameof(LateWindow));
        Require(ClockTolerance >= Duration.Zero, nameof(ClockTolerance));
        Require(ZoneChangeLimit >= 1, nameof(ZoneChangeLimit));
        Require(ZoneChangeWindow >= Duration.Zero, nameof(ZoneChangeWindow));
        Require(ProvisionalFor >= LateWindow, nameof(ProvisionalFor));

        return this;

        static void Require(bool holds, string number)
        {
            if (!holds) throw new ArgumentException($"{number} of the streak rules is out of range.", number);
        }
    }
}
