using System.Diagnostics.Metrics;

namespace Xentree.Data.Learning;

/// <summary>What learners earned and spent, and whose days were closed: the business in figures.</summary>
internal static class LearningMetrics
{
    private static readonly Meter Meter = new("Xentree.Learning");
    private static readonly Counter<long> Xp = Meter.CreateCounter<long>("xentree.xp.awarded", "{xp}", "XP that was given, by source.");
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("xentree.tokens.moved", "{token}", "Tokens that were given or spent, by reason.");
    private static readonly Counter<long> Quests = Meter.CreateCounter<long>("xentree.quests.completed", "{quest}", "Quests that were completed, by category.");
    private static readonly Counter<long> Settled = Meter.CreateCounter<long>("xentree.streaks.settled", "{learner}", "Learners whose day was closed.");

    /// <summary>Counts a change that was saved.</summary>
    public static void Count(LearningChange change)
    {
        foreach (var row in change.XpRows) Xp.Add(row.Amount, new KeyValuePair<string, object?>("source", row.Source.ToString()));
        foreach (var row in change.TokenRows) Tokens.Add(Math.Abs(row.Amount), new KeyValuePair<string, object?>("reason", row.Reason.ToString()));
        foreach (var quest in change.ChangedQuests.Where(quest => quest.CompletedAt == change.Now))
            Quests.Add(1, new KeyValuePair<string, object?>("category", quest.Category.ToString()));
    }

    /// <summary>Counts learners whose day was closed.</summary>
    public static void CountSettled(long learners) => Settled.Add(learners);
}
