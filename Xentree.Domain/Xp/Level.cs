namespace Xentree.Domain.Xp;

/// <summary>Where a total of XP stands (X7): level L starts at <c>50·L·(L−1)</c>, so the step from L to L+1 is <c>100·L</c>.</summary>
/// <param name="Number">The level, from 1.</param>
/// <param name="CurrentLevelXp">XP gained since the level began.</param>
/// <param name="XpNeededForNextLevel">XP of the whole step to the next level.</param>
public readonly record struct Level(long Number, long CurrentLevelXp, long XpNeededForNextLevel)
{
    private const long HalfStep = 50;

    /// <summary>The part of the step that is done, in percent with one decimal; 100 is never shown before the level is reached.</summary>
    public decimal ProgressPercentage => Percentage.Of(CurrentLevelXp, XpNeededForNextLevel);

    /// <summary>The level of a total, in closed form and exact for every total that 64 bits hold.</summary>
    /// <param name="totalXp">All XP, from 0.</param>
    public static Level Of(long totalXp)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(totalXp);
        // L·(L−1) is whole, so 50·L·(L−1) ≤ xp exactly when L·(L−1) ≤ ⌊xp/50⌋, and that is a square root away.
        var number = (1 + SquareRoot(1 + (4 * (totalXp / HalfStep)))) / 2;
        return new Level(number, totalXp - StartOf(number), 2 * HalfStep * number);
    }

    /// <summary>The total at which a level begins.</summary>
    /// <param name="number">The level, from 1.</param>
    public static long StartOf(long number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        return checked(HalfStep * number * (number - 1));
    }

    /// <summary>The levels that a total reaches by growing, lowest first: each gives its tokens once (Q6).</summary>
    /// <param name="before">Total XP before.</param>
    /// <param name="after">Total XP after; never below <paramref name="before"/>, for what was awarded stays.</param>
    public static IEnumerable<long> Reached(long before, long after)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(after, before);
        return Between(Of(before).Number, Of(after).Number);

        static IEnumerable<long> Between(long from, long to)
        {
            for (var number = from + 1; number <= to; number++) yield return number;
        }
    }

    // A double has 53 bits: near a perfect square of 60 bits it may be one off, either way.
    private static long SquareRoot(long value)
    {
        var root = (long)Math.Sqrt(value);
        while (root * root > value) root--;
        while ((root + 1) * (root + 1) <= value) root++;
        return root;
    }
}
