namespace Xentree.Domain.Streaks;

/// <summary>What the chain is worth up to a date, that date excluded.</summary>
/// <param name="Held">Active days in the chain that reaches the date unbroken.</param>
/// <param name="Covered">Days in that chain that savers cover.</param>
/// <param name="Run">Active days since the last covered or missed one, over bridged ones (<c>day_only_streak</c>).</param>
/// <param name="Reached">The longest that this chain ever was: the savers of multiples up to it were granted.</param>
/// <param name="Savers">
/// The savers held. In the frontiers of past dates: those that would be held if that date and the later ones had cost none, with
/// all grants and purchases since. It is what is held again when the date is opened again.
/// </param>
public readonly record struct Frontier(int Held, int Covered, int Run, int Reached, int Savers);
