using NodaTime;
using Xentree.Data.Quests;
using Xentree.Domain.Quests;

namespace Xentree.Api.Schemas;

/// <summary>A quest of a day.</summary>
public sealed record QuestItem : IExample<QuestItem>
{
    /// <summary>The id of this day's quest.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is called.</summary>
    public required string Title { get; init; }

    /// <summary>What is to be done.</summary>
    public required string Description { get; init; }

    /// <summary>What it asks for; seconds for <c>learning_time</c> and <c>live</c>, XP before boosters for <c>xp</c>, answered messages for <c>conversations</c>, newly completed tasks for <c>xel</c>.</summary>
    public required QuestCategory Category { get; init; }

    /// <summary>How much is to be done.</summary>
    public required long TargetValue { get; init; }

    /// <summary>How much is done; never more than the target.</summary>
    public required long CurrentProgress { get; init; }

    /// <summary>How much of it is done, in percent with one decimal.</summary>
    public required decimal ProgressPercentage { get; init; }

    /// <summary>Where it stands; completed stays completed.</summary>
    public required QuestStatus Status { get; init; }

    /// <summary>The multiplier of the booster that completing it earns.</summary>
    public required decimal RewardMultiplier { get; init; }

    /// <summary>How long that booster holds, in minutes.</summary>
    public required int RewardDuration { get; init; }

    /// <inheritdoc/>
    public static QuestItem Example { get; } = new()
    {
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b21"),
        Title = "Coffee break",
        Description = "Spend the length of a coffee, ten minutes, on what you want to know.",
        Category = QuestCategory.LearningTime,
        TargetValue = 600,
        CurrentProgress = 240,
        ProgressPercentage = 40.0m,
        Status = QuestStatus.Active,
        RewardMultiplier = 1.25m,
        RewardDuration = 20,
    };

    /// <summary>A stored quest as it stands on a local day.</summary>
    public static QuestItem Of(DailyQuestRow row, LocalDate today)
    {
        var quest = row.ToQuest();
        return new QuestItem
        {
            Id = row.Id,
            Title = row.Title,
            Description = row.Description,
            Category = row.Category,
            TargetValue = row.Target,
            CurrentProgress = row.Progress,
            ProgressPercentage = quest.ProgressPercentage,
            Status = quest.StatusOn(today),
            RewardMultiplier = row.RewardMultiplier,
            RewardDuration = row.RewardDuration,
        };
    }
}
