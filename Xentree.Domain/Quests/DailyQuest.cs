using NodaTime;
using Xentree.Domain.Xp;

namespace Xentree.Domain.Quests;

/// <summary>Where a quest of a day stands.</summary>
public enum QuestStatus
{
    /// <summary>Its day goes on.</summary>
    Active,

    /// <summary>Done, for good.</summary>
    Completed,

    /// <summary>Its day is over; an event of that day that arrives late still completes it.</summary>
    Expired,
}

/// <summary>What an event adds to the quests of its local day, in the units of the categories; nothing of it is negative.</summary>
/// <param name="Day">The event's stored local day: when it is processed plays no part (Q5).</param>
/// <param name="ReceivedAt">When it was received: a booster that it earns starts then.</param>
/// <param name="LearningSeconds">Whole seconds of learning time that the day gained.</param>
/// <param name="BaseXp">XP before any booster.</param>
/// <param name="Turns">Answered messages of the learner.</param>
/// <param name="XelTasks">Tasks of the course that were completed for the first time.</param>
/// <param name="LiveSeconds">Charged seconds of live sessions.</param>
public sealed record QuestEvent(
    LocalDate Day, Instant ReceivedAt, long LearningSeconds = 0, long BaseXp = 0, long Turns = 0, long XelTasks = 0, long LiveSeconds = 0)
{
    internal long Of(QuestCategory category) => category switch
    {
        QuestCategory.LearningTime => LearningSeconds,
        QuestCategory.Xp => BaseXp,
        QuestCategory.Conversations => Turns,
        QuestCategory.Xel => XelTasks,
        _ => LiveSeconds,
    };
}

/// <summary>What completing a quest grants, once (Q4).</summary>
/// <param name="Booster">Its booster.</param>
/// <param name="Tokens">Its tokens.</param>
public sealed record QuestReward(Booster Booster, int Tokens);

/// <summary>
/// A quest that was drawn for a day. It carries what it was drawn with, so that a later catalogue changes nothing about it.
/// </summary>
/// <param name="QuestId">The catalogue's id.</param>
/// <param name="Day">The local day.</param>
/// <param name="Category">What it asks for.</param>
/// <param name="Target">How much, in the unit of the category.</param>
/// <param name="RewardMultiplier">The multiplier of its booster.</param>
/// <param name="RewardDuration">How long that holds, in minutes.</param>
/// <param name="Progress">How much is done: from 0 to the target, never less than before.</param>
public sealed record DailyQuest(
    string QuestId, LocalDate Day, QuestCategory Category, long Target, decimal RewardMultiplier, int RewardDuration, long Progress = 0)
{
    /// <summary>Whether it is done.</summary>
    public bool IsCompleted => Progress >= Target;

    /// <summary>How much of it is done, in percent with one decimal; 100 only when it is completed (Q3).</summary>
    public decimal ProgressPercentage => Percentage.Of(Progress, Target);

    /// <summary>A quest as it is drawn.</summary>
    /// <param name="quest">The catalogue's.</param>
    /// <param name="day">The local day that it is drawn for.</param>
    public static DailyQuest Drawn(Quest quest, LocalDate day) =>
        new(quest.Id, day, quest.Category, quest.TargetValue, quest.RewardMultiplier, quest.RewardDuration);

    /// <summary>Where it stands.</summary>
    /// <param name="today">The learner's local day; west of the quest's own it is before it, and the quest goes on.</param>
    public QuestStatus StatusOn(LocalDate today) =>
        IsCompleted ? QuestStatus.Completed : Day < today ? QuestStatus.Expired : QuestStatus.Active;

    /// <summary>This quest after an event, and the reward when that completed it. An event of another day changes nothing.</summary>
    /// <param name="event">What happened.</param>
    /// <param name="rules">The rules in force.</param>
    public (DailyQuest Quest, QuestReward? Reward) After(QuestEvent @event, QuestRules rules)
    {
        if (IsCompleted || @event.Day != Day) return (this, null);
        var gained = Math.Clamp(@event.Of(Category), 0, Target - Progress);
        var after = this with { Progress = Progress + gained };
        return (after, after.IsCompleted ? after.Reward(@event.ReceivedAt, rules) : null);
    }

    private QuestReward Reward(Instant receivedAt, QuestRules rules) =>
        new(Booster.Earned(RewardMultiplier, Duration.FromMinutes(RewardDuration), receivedAt), rules.Tokens);
}
