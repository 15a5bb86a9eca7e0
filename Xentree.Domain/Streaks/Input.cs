using NodaTime;

namespace Xentree.Domain.Streaks;

/// <summary>Something that happened to a user's streak. Inputs are only ever added, never changed (the first law).</summary>
/// <param name="At">When it happened and takes effect, whenever it was received.</param>
/// <param name="Order">
/// Decides between inputs of one instant: the order in which they were recorded. A sandbox user's clock stands still, so it matters.
/// </param>
public abstract record Input(Instant At, long Order)
{
    /// <summary>By instant, then by the order of recording: the order in which a fold takes them.</summary>
    public static Comparer<Input> InOrder { get; } = Comparer<Input>.Create((one, other) =>
        one.At == other.At ? one.Order.CompareTo(other.Order) : one.At.CompareTo(other.At));
}

/// <summary>XP was credited for something that happened. One for each date is enough: the earliest.</summary>
/// <param name="At">When it happened (<c>occurred_at</c>).</param>
/// <param name="Date">The local date stored with it (D3), never recomputed.</param>
/// <param name="Order">See <see cref="Input"/>.</param>
public sealed record Activity(Instant At, LocalDate Date, long Order) : Input(At, Order);

/// <summary>A saver was bought, and the purchase accepted (S8).</summary>
/// <param name="At">When.</param>
/// <param name="Order">See <see cref="Input"/>.</param>
public sealed record SaverPurchase(Instant At, long Order) : Input(At, Order);

/// <summary>Another zone came into force (D5).</summary>
/// <param name="At">When.</param>
/// <param name="Zone">Its IANA id.</param>
/// <param name="Order">See <see cref="Input"/>.</param>
public sealed record ZoneChange(Instant At, string Zone, long Order) : Input(At, Order);
