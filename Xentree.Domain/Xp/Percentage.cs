namespace Xentree.Domain.Xp;

/// <summary>A share of a whole, as the contract shows it: 0 to 100 with one decimal.</summary>
public static class Percentage
{
    /// <summary>
    /// The share in percent, rounded down to one decimal, so that 100 means done and nothing less does.
    /// </summary>
    /// <param name="part">What is reached; below 0 counts as 0, above the whole as the whole.</param>
    /// <param name="whole">What there is to reach; above 0.</param>
    public static decimal Of(long part, long whole)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(whole);
        return (decimal)((Int128)Math.Clamp(part, 0, whole) * 1_000 / whole) / 10m;
    }
}
