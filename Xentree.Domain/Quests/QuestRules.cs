using NodaTime;

namespace Xentree.Domain.Quests;

/// <summary>The numbers of rules Q1 and Q4. A change of one is a new rules version.</summary>
public sealed record QuestRules
{
    /// <summary>The numbers of the first rules version.</summary>
    public static QuestRules Default { get; } = new();

    /// <summary>Quests a local day, of different categories (Q1).</summary>
    public int PerDay { get; init; } = 3;

    /// <summary>Tokens for a completed quest (Q4).</summary>
    public int Tokens { get; init; } = 5;

    /// <summary>Local days whose aggregates weigh the draw (Q1).</summary>
    public int WindowDays { get; init; } = 14;

    /// <summary>Whole days between the last of them and the day of the draw, so that no late event can still change them (Q1).</summary>
    public int SettledDays { get; init; } = 4;

    /// <summary>The weight of a category that the learner did not use in the window; each day of use adds one.</summary>
    public int CategoryWeight { get; init; } = 4;

    /// <summary>Days of use from which a learner is regular in a category.</summary>
    public int RegularDays { get; init; } = 3;

    /// <summary>Days of use from which a learner is devoted to a category.</summary>
    public int DevotedDays { get; init; } = 9;

    /// <summary>The days that weigh the draw of a day: the last of them ended <see cref="SettledDays"/> days before it began.</summary>
    /// <param name="day">The day of the draw.</param>
    public (LocalDate First, LocalDate Last) WindowOf(LocalDate day)
    {
        var last = day.PlusDays(-SettledDays - 1);
        return (last.PlusDays(1 - WindowDays), last);
    }

    /// <summary>
    /// How much a quest's own weight counts: who is new to a category is drawn easy quests, who is devoted to it hard ones.
    /// </summary>
    /// <param name="difficulty">The quest's difficulty.</param>
    /// <param name="daysOfUse">Days of the window on which the learner used its category.</param>
    public int Fit(QuestDifficulty difficulty, int daysOfUse) => (difficulty, daysOfUse) switch
    {
        (QuestDifficulty.Easy, var days) => days < RegularDays ? 6 : days < DevotedDays ? 3 : 2,
        (QuestDifficulty.Medium, var days) => days < RegularDays ? 3 : 4,
        (_, var days) => days < RegularDays ? 1 : days < DevotedDays ? 2 : 4,
    };

    /// <summary>Refuses numbers under which the rules would contradict themselves.</summary>
    /// <returns>These rules.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public QuestRules Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(PerDay, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PerDay, Enum.GetValues<QuestCategory>().Length);
        ArgumentOutOfRangeException.ThrowIfNegative(Tokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(WindowDays, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SettledDays, 4);
        ArgumentOutOfRangeException.ThrowIfLessThan(CategoryWeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RegularDays, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DevotedDays, RegularDays);
        return this;
    }
}
