using NodaTime;

namespace Xentree.Domain.Streaks;

/// <summary>The end of a chain, for as long as nothing mends it.</summary>
/// <param name="Date">The missed date.</param>
/// <param name="At">When it was missed.</param>
/// <param name="Length">How long the chain was, in active days.</param>
/// <param name="FinalAt">S12: until then it is provisional.</param>
public readonly record struct StreakBreak(LocalDate Date, Instant At, int Length, Instant FinalAt);
