using Xentree.Domain.Live;
using Xentree.Domain.Quests;
using Xentree.Domain.Streaks;
using Xentree.Domain.Xp;

namespace Xentree.Data.Learning;

/// <summary>The rules in force: every number of them, and the catalogue that quests are drawn from.</summary>
/// <param name="Streaks">Days, streaks and savers.</param>
/// <param name="Xp">XP and learning time.</param>
/// <param name="Quests">Quests.</param>
/// <param name="Live">Live sessions.</param>
/// <param name="Catalogue">What quests are drawn from.</param>
public sealed record LearningRules(StreakRulebook Streaks, XpRules Xp, QuestRules Quests, LiveRules Live, QuestCatalogue Catalogue)
{
    /// <summary>The published numbers and the catalogue that is shipped.</summary>
    /// <exception cref="FormatException">The catalogue is not valid.</exception>
    public static LearningRules Load()
    {
        using var stream = typeof(LearningRules).Assembly.GetManifestResourceStream("quests.json")!;
        using var reader = new StreamReader(stream);
        return new LearningRules(StreakRulebook.Default, XpRules.Default.Validate(), QuestRules.Default.Validate(), LiveRules.Default.Validate(), QuestCatalogue.Parse(reader.ReadToEnd()));
    }
}
