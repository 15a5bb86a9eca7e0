namespace Xentree.Domain.Xp;

/// <summary>The numbers of rules X3 to X8 and Q6. A change of one is a new rules version: history keeps what it was made under.</summary>
public sealed record XpRules
{
    /// <summary>The numbers of the first rules version.</summary>
    public static XpRules Default { get; } = new();

    /// <summary>XP for one full segment of conversation time (X3).</summary>
    public int SegmentXp { get; init; } = 5;

    /// <summary>Seconds of counted conversation time that make a segment (X3).</summary>
    public int SegmentSeconds { get; init; } = 60;

    /// <summary>The most segments that one local day can earn; what is studied beyond is used up (X3).</summary>
    public int SegmentsPerDay { get; init; } = 120;

    /// <summary>Seconds of a gap between two signals that count (X2).</summary>
    public int GapSeconds { get; init; } = 60;

    /// <summary>Seconds between two signals that end a session (X2).</summary>
    public int SessionEndSeconds { get; init; } = 1_800;

    /// <summary>XP for each full minute of charged live time (X5).</summary>
    public int LiveMinuteXp { get; init; } = 5;

    /// <summary>The most seconds that one course submission can claim (X8).</summary>
    public int XelClaimSeconds { get; init; } = 600;

    /// <summary>Hours that an event may lie back and still count for the day on which it happened (D6).</summary>
    public int LateHours { get; init; } = 72;

    /// <summary>Tokens for each level that is reached (Q6).</summary>
    public int LevelUpTokens { get; init; } = 10;

    /// <summary>Refuses numbers under which the rules would contradict themselves.</summary>
    /// <returns>These rules.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public XpRules Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(SegmentXp);
        ArgumentOutOfRangeException.ThrowIfNegative(SegmentsPerDay);
        ArgumentOutOfRangeException.ThrowIfNegative(LiveMinuteXp);
        ArgumentOutOfRangeException.ThrowIfNegative(XelClaimSeconds);
        ArgumentOutOfRangeException.ThrowIfNegative(LevelUpTokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SegmentSeconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(GapSeconds);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SessionEndSeconds, GapSeconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LateHours);
        return this;
    }
}
