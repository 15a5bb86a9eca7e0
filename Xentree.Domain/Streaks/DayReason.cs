namespace Xentree.Domain.Streaks;

/// <summary>Rule S11: why a date counts, or does not.</summary>
public enum DayReason
{
    /// <summary>XP was credited for something that happened on it.</summary>
    Active,

    /// <summary>It was missed, and a saver held the chain.</summary>
    Covered,

    /// <summary>Nobody is to blame: a change of zone cut it off or jumped over it, the zone lacks it, or there was an outage.</summary>
    Bridged,

    /// <summary>It passed without activity.</summary>
    Missed,

    /// <summary>It is not over.</summary>
    Open,
}
