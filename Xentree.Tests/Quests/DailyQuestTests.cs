using CsCheck;
using NodaTime;
using Xentree.Domain.Quests;
using Xentree.Domain.Xp;
using Xentree.Tests.Xp;

namespace Xentree.Tests.Quests;

/// <summary>Rules Q3 to Q5.</summary>
public sealed class DailyQuestTests
{
    private static readonly LocalDate Day = new(2026, 3, 10);
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 10, 12, 0);

    [Fact]
    public void Q3_progress_never_passes_the_target()
    {
        var (quest, _) = Quest(QuestCategory.Xp, 40).After(Xp(35), QuestRules.Default);
        Assert.Equal((35, 87.5m), (quest.Progress, quest.ProgressPercentage));

        (quest, _) = quest.After(Xp(15), QuestRules.Default);
        Assert.Equal((40, 100m), (quest.Progress, quest.ProgressPercentage));
    }

    [Fact]
    public void Q3_each_category_counts_its_own_unit_and_xp_counts_base_XP()
    {
        var everything = new QuestEvent(Day, Noon, LearningSeconds: 1, BaseXp: 2, Turns: 3, XelTasks: 4, LiveSeconds: 5);

        var quests = Enum.GetValues<QuestCategory>().Select(category => Quest(category, 100).After(everything, QuestRules.Default).Quest);
        Assert.Equal([1, 2, 3, 4, 5], quests.Select(quest => quest.Progress));
    }

    [Theory]
    [InlineData(0, 3, "0")]
    [InlineData(1, 3, "33.3")]
    [InlineData(2, 3, "66.6")]
    [InlineData(1_999, 2_000, "99.9")]
    [InlineData(2_000, 2_000, "100")]
    public void Q3_the_percentage_has_one_decimal_and_is_100_only_when_completed(long progress, long target, string percentage) =>
        Assert.Equal(
            decimal.Parse(percentage, System.Globalization.CultureInfo.InvariantCulture),
            (Quest(QuestCategory.Xp, target) with { Progress = progress }).ProgressPercentage);

    [Fact]
    public void Q4_completing_grants_the_booster_and_5_tokens_once_and_completed_stays_completed()
    {
        var (quest, reward) = Quest(QuestCategory.Xp, 40).After(Xp(40), QuestRules.Default);

        Assert.Equal(new QuestReward(new Booster(1.5m, Noon, Noon + Duration.FromMinutes(30)), 5), reward);
        Assert.False(reward!.Booster.HoldsAt(Noon));
        Assert.Equal((quest, null), quest.After(Xp(40), QuestRules.Default));
        Assert.Equal(QuestStatus.Completed, quest.StatusOn(Day.PlusDays(30)));
    }

    [Fact]
    public void Q4_a_late_event_completes_the_quest_of_its_own_day_an_expired_one_too()
    {
        var quest = Quest(QuestCategory.Xp, 40);
        Assert.Equal(QuestStatus.Active, quest.StatusOn(Day));
        Assert.Equal(QuestStatus.Expired, quest.StatusOn(Day.PlusDays(1)));

        var received = Noon + Duration.FromHours(60);
        var (completed, reward) = quest.After(Xp(40) with { ReceivedAt = received }, QuestRules.Default);

        Assert.Equal(QuestStatus.Completed, completed.StatusOn(Day.PlusDays(3)));
        Assert.Equal(received, reward!.Booster.StartsAt);
        var other = Quest(QuestCategory.Xp, 40, Day.PlusDays(2));
        Assert.Equal((other, null), other.After(Xp(40), QuestRules.Default));
    }

    [Fact]
    public void Q4_a_quest_of_a_day_that_flying_west_puts_ahead_goes_on() =>
        Assert.Equal(QuestStatus.Active, Quest(QuestCategory.Xp, 40).StatusOn(Day.PlusDays(-1)));

    [Fact]
    public void Q5_an_event_of_the_last_instant_counts_for_that_day_even_when_it_is_processed_after_midnight()
    {
        var midnight = Instant.FromUtc(2026, 3, 11, 0, 0);
        var day = (midnight - Duration.FromMilliseconds(100)).InUtc().Date;
        var @event = new QuestEvent(day, ReceivedAt: midnight + Duration.FromSeconds(2), BaseXp: 40);

        Assert.True(Quest(QuestCategory.Xp, 40).After(@event, QuestRules.Default).Quest.IsCompleted);
        Assert.Equal(0, Quest(QuestCategory.Xp, 40, Day.PlusDays(1)).After(@event, QuestRules.Default).Quest.Progress);
    }

    [Fact]
    public void Q3_progress_is_the_sum_up_to_the_target_in_any_order_and_rewards_once() =>
        Gen.Select(Gen.Int[1, 300], Gen.Select(Gen.Int[-20, 60], Gen.Int[0, 2]).Array[0, 30]).Hold(history =>
        {
            var (target, events) = history;
            Assert.Equal(Play(events), Play(events.Reverse()));
            var sum = events.Where(one => one.Item2 == 0).Sum(one => Math.Max(0, one.Item1));
            Assert.Equal((Math.Min(sum, target), sum >= target ? 1 : 0), Play(events));

            (long Progress, int Rewards) Play(IEnumerable<(int Xp, int Day)> told)
            {
                var (quest, rewards) = (Quest(QuestCategory.Xp, target), 0);
                foreach (var (xp, day) in told)
                {
                    (quest, var reward) = quest.After(Xp(xp) with { Day = Day.PlusDays(day) }, QuestRules.Default);
                    rewards += reward is null ? 0 : 1;
                }

                return (quest.Progress, rewards);
            }
        });

    private static DailyQuest Quest(QuestCategory category, long target, LocalDate? day = null) =>
        new("quest", day ?? Day, category, target, 1.5m, 30);

    private static QuestEvent Xp(long baseXp) => new(Day, Noon, BaseXp: baseXp);
}
