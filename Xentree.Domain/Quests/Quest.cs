namespace Xentree.Domain.Quests;

/// <summary>What a quest asks for; each has a unit of its own.</summary>
public enum QuestCategory
{
    /// <summary>Seconds of learning time, whatever they were learned with.</summary>
    LearningTime,

    /// <summary>Base XP: boosters do not complete quests.</summary>
    Xp,

    /// <summary>Messages of the learner that were answered and stored in a conversation.</summary>
    Conversations,

    /// <summary>Tasks of the course that were completed for the first time.</summary>
    Xel,

    /// <summary>Charged seconds of live sessions.</summary>
    Live,
}

/// <summary>How much of a day a quest asks for.</summary>
public enum QuestDifficulty
{
    /// <summary>A few minutes.</summary>
    Easy,

    /// <summary>A good session.</summary>
    Medium,

    /// <summary>A day to be proud of.</summary>
    Hard,
}

/// <summary>An entry of the catalogue.</summary>
public sealed record Quest
{
    /// <summary>Its name for good: lower-case words with hyphens. A quest that changes its sense gets another.</summary>
    public required string Id { get; init; }

    /// <summary>What it is called.</summary>
    public required string Title { get; init; }

    /// <summary>What is to be done, in a sentence or two.</summary>
    public required string Description { get; init; }

    /// <summary>What it asks for.</summary>
    public required QuestCategory Category { get; init; }

    /// <summary>How much of a day it asks for.</summary>
    public required QuestDifficulty Difficulty { get; init; }

    /// <summary>How much is to be done, in the unit of the category.</summary>
    public required long TargetValue { get; init; }

    /// <summary>The multiplier of the booster that completing it earns: above 1, at most 5, with at most two decimals.</summary>
    public required decimal RewardMultiplier { get; init; }

    /// <summary>How long the booster holds, in minutes.</summary>
    public required int RewardDuration { get; init; }

    /// <summary>How often it is drawn among its category's, from 1 to 100.</summary>
    public required int Weight { get; init; }
}
