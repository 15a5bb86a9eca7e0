using NodaTime;

namespace Xentree.Domain.Streaks;

/// <summary>Rule S12: what a subscriber is told about a streak.</summary>
/// <param name="Date">The date that it concerns.</param>
public abstract record Happening(LocalDate Date)
{
    /// <summary><c>streak.extended</c>: a date became active and is part of the current chain.</summary>
    /// <param name="Date">The active date.</param>
    /// <param name="CurrentStreak">The current streak now, in active days.</param>
    public sealed record Extended(LocalDate Date, int CurrentStreak) : Happening(Date);

    /// <summary><c>streak.broken</c>: provisional until it is final.</summary>
    /// <param name="Date">The missed date.</param>
    /// <param name="At">When it was missed.</param>
    /// <param name="Length">How long the chain was, in active days.</param>
    /// <param name="FinalAt">From then on no late event can mend it.</param>
    public sealed record Broken(LocalDate Date, Instant At, int Length, Instant FinalAt) : Happening(Date);

    /// <summary><c>streak.restored</c>: a late event, an outage or a flight west mended what was broken.</summary>
    /// <param name="Date">The date that had been missed.</param>
    /// <param name="CurrentStreak">The current streak now, in active days.</param>
    public sealed record Restored(LocalDate Date, int CurrentStreak) : Happening(Date);

    /// <summary><c>saver.spent</c>: a saver covers a date.</summary>
    /// <param name="Date">The covered date.</param>
    /// <param name="At">When it was spent.</param>
    /// <param name="SaversLeft">The savers held now.</param>
    public sealed record SaverSpent(LocalDate Date, Instant At, int SaversLeft) : Happening(Date);

    /// <summary>
    /// What happened between what was announced last and now. To announce each thing once, store the trail of <paramref name="after"/>
    /// in the transaction that announces it.
    /// </summary>
    /// <param name="before">The trail that was announced last; the genesis' at first.</param>
    /// <param name="after">The chain now, folded from a checkpoint no later than <paramref name="before"/>.</param>
    /// <returns>Mended breaks first, then by date.</returns>
    public static IReadOnlyList<Happening> Between(Trail before, Chain after)
    {
        var found = new List<Happening>();

        foreach (var date in before.DatesOf(Trail.Broken))
        {
            // A break that is now a plain miss did not heal: the chain broke on an earlier date instead.
            if (after.Trail.Letter(date) is not (null or Trail.Broken or Trail.Missed)) found.Add(new Restored(date, after.CurrentStreak));
        }

        var mended = found.Count;

        foreach (var broken in after.Breaks)
        {
            if (before.Letter(broken.Date) != Trail.Broken) found.Add(new Broken(broken.Date, broken.At, broken.Length, broken.FinalAt));
        }

        foreach (var date in after.CoveredDates)
        {
            if (before.Letter(date) == Trail.Covered) continue;

            // The last one: a date that was opened again may have cost a saver twice, of which one came back.
            var spent = after.Movements.LastOrDefault(movement => movement.Kind == SaverMovementKind.Spent && movement.Date == date);
            if (spent.Kind == SaverMovementKind.Spent) found.Add(new SaverSpent(date, spent.At, after.Savers));
        }

        foreach (var date in after.ChainDates)
        {
            if (before.Letter(date) != Trail.Active) found.Add(new Extended(date, after.CurrentStreak));
        }

        return [.. found.Take(mended), .. found.Skip(mended).OrderBy(happening => happening.Date)];
    }
}
