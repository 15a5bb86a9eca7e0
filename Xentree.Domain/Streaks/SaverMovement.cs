using NodaTime;

namespace Xentree.Domain.Streaks;

/// <summary>How a saver came or went.</summary>
public enum SaverMovementKind
{
    /// <summary>Granted for a multiple of seven active days.</summary>
    Granted,

    /// <summary>Not granted, or not returned, for want of room; it never was in the balance.</summary>
    Lost,

    /// <summary>Bought with tokens.</summary>
    Bought,

    /// <summary>Spent to cover a date.</summary>
    Spent,

    /// <summary>Returned: the date that it covered is open again after a flight west.</summary>
    Returned,
}

/// <summary>Rule S11: when and why a saver came or went. Derived by the fold, never stored as truth.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="At">When.</param>
/// <param name="Date">The date covered or opened again; else the local date on which it happened.</param>
/// <param name="Streak">The multiple that granted it, or the length of the chain that it concerns, in active days.</param>
public readonly record struct SaverMovement(SaverMovementKind Kind, Instant At, LocalDate Date, int Streak);
