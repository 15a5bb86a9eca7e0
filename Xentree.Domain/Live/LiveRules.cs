namespace Xentree.Domain.Live;

/// <summary>The numbers of rules L1 to L3. A change of one is a new rules version.</summary>
public sealed record LiveRules
{
    /// <summary>The numbers of the first rules version.</summary>
    public static LiveRules Default { get; } = new();

    /// <summary>Seconds a month of the free plan (L1).</summary>
    public long FreeSeconds { get; init; } = 1_800;

    /// <summary>Seconds a month of the plus plan (L1).</summary>
    public long PlusSeconds { get; init; } = 18_000;

    /// <summary>Seconds a month of the pro plan (L1).</summary>
    public long ProSeconds { get; init; } = 72_000;

    /// <summary>Seconds between two heartbeats, as clients are told (L3).</summary>
    public int HeartbeatSeconds { get; init; } = 15;

    /// <summary>Seconds after a heartbeat or frame at which the next is still accepted (L3).</summary>
    public int LeaseSeconds { get; init; } = 45;

    /// <summary>Refuses numbers under which the rules would contradict themselves.</summary>
    /// <returns>These rules.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public LiveRules Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(FreeSeconds);
        ArgumentOutOfRangeException.ThrowIfLessThan(PlusSeconds, FreeSeconds);
        ArgumentOutOfRangeException.ThrowIfLessThan(ProSeconds, PlusSeconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(HeartbeatSeconds);
        ArgumentOutOfRangeException.ThrowIfLessThan(LeaseSeconds, HeartbeatSeconds);
        return this;
    }
}
