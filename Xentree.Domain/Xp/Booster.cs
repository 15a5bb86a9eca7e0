using NodaTime;

namespace Xentree.Domain.Xp;

/// <summary>A multiplier of XP that holds for a while (X6).</summary>
/// <param name="Multiplier">What the base is multiplied by, an exact decimal of at least 1.</param>
/// <param name="StartsAt">The instant after which it holds.</param>
/// <param name="EndsAt">The instant before which it holds.</param>
public sealed record Booster(decimal Multiplier, Instant StartsAt, Instant EndsAt)
{
    /// <summary>
    /// The booster of an event: it starts when the event was received, so it never multiplies the event that earned it, nor
    /// runs out before the learner of a late event has heard of it.
    /// </summary>
    /// <param name="multiplier">What the base is multiplied by, at least 1.</param>
    /// <param name="length">How long it holds.</param>
    /// <param name="receivedAt">When the event that earned it was received.</param>
    public static Booster Earned(decimal multiplier, Duration length, Instant receivedAt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(multiplier, 1m);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, Duration.Zero);
        return new Booster(multiplier, receivedAt, receivedAt + length);
    }

    /// <summary>Whether it holds: strictly after its start and before its end.</summary>
    /// <param name="instant">When the multiplied event happened.</param>
    public bool HoldsAt(Instant instant) => StartsAt < instant && instant < EndsAt;

    /// <summary>The booster that counts: of those that hold, the highest, and of equals the one that holds longest; else none.</summary>
    /// <param name="boosters">A user's boosters, in any order.</param>
    /// <param name="instant">When the multiplied event happened.</param>
    public static Booster? ActiveAt(IEnumerable<Booster> boosters, Instant instant) =>
        boosters.Where(booster => booster.HoldsAt(instant)).MaxBy(booster => (booster.Multiplier, booster.EndsAt));
}
