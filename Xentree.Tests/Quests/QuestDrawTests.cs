using CsCheck;
using NodaTime;
using Xentree.Domain.Quests;
using Xentree.Tests.Xp;

namespace Xentree.Tests.Quests;

/// <summary>Rules Q1 and the pure half of Q2.</summary>
public sealed class QuestDrawTests
{
    private static readonly LocalDate Day = new(2026, 3, 20);
    private static readonly QuestReach Everything = new(long.MaxValue, long.MaxValue);
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    private static readonly Gen<QuestDay> Rows =
        Gen.Select(Gen.Int[-30, 5], Gen.Long[0, 1], Gen.Long[0, 1], Gen.Long[0, 1], Gen.Long[0, 1], Gen.Long[0, 1])
            .Select((day, time, xp, turns, tasks, live) => new QuestDay(Day.PlusDays(day), time, xp, turns, tasks, live));

    [Fact]
    public void Q1_three_a_local_day_of_different_categories() =>
        Gen.Select(Gen.Guid, Gen.Int[0, 400], Rows.Array[0, 30]).Hold(history =>
        {
            var (user, day, rows) = history;
            var drawn = Draw(user, Day.PlusDays(day), rows);

            Assert.Equal(3, drawn.Count);
            Assert.Equal(3, drawn.DistinctBy(quest => quest.Category).Count());
        });

    [Fact]
    public void Q1_the_same_user_and_local_day_draw_the_same_and_the_key_decides()
    {
        var user = new Guid("01890000-0000-7000-8000-000000000001");
        var drawn = Draw(user, Day, []);

        Assert.Equal(drawn, Draw(user, Day, []));
        // Written down, so that a change of the draw, which would redraw an unread day, is seen.
        Assert.Equal(["break-the-ice", "two-in-a-row", "on-air"], drawn.Select(quest => quest.Id));
        Assert.NotEqual(drawn, QuestDraw.Of(QuestCatalogueTests.Shipped, new byte[32], user, Day, [], Everything, QuestRules.Default));
    }

    [Fact]
    public void Q1_the_days_that_weigh_are_the_14_that_ended_at_least_4_days_before()
    {
        // The 15th ended as the 16th began, four days before the 20th.
        Assert.Equal((new LocalDate(2026, 3, 2), new LocalDate(2026, 3, 15)), QuestRules.Default.WindowOf(Day));
        Assert.Equal((new LocalDate(2024, 2, 12), new LocalDate(2024, 2, 25)), QuestRules.Default.WindowOf(new LocalDate(2024, 3, 1)));
    }

    [Fact]
    public void Q1_aggregates_outside_the_window_and_their_order_change_no_draw() =>
        Gen.Select(Gen.Guid, Rows.Array[0, 40]).Hold(history =>
        {
            var (user, rows) = history;
            var (first, last) = QuestRules.Default.WindowOf(Day);

            Assert.Equal(Draw(user, Day, rows), Draw(user, Day, rows.Where(row => first <= row.Date && row.Date <= last).Reverse()));
        });

    [Fact]
    public void Q1_what_a_learner_does_is_drawn_more_often()
    {
        var rows = Enumerable.Range(2, 14).Select(day => new QuestDay(new LocalDate(2026, 3, day), 0, 0, 0, 0, LiveSeconds: 600)).ToArray();
        var users = Enumerable.Range(0, 5_000).Select(number => new Guid(number, 0, 0, new byte[8])).ToArray();
        var used = users.SelectMany(user => Draw(user, Day, rows)).Where(quest => quest.Category == QuestCategory.Live).ToList();
        var unused = users.SelectMany(user => Draw(user, Day, [])).Where(quest => quest.Category == QuestCategory.Live).ToList();

        // Three of five without any history: 60 %.
        Assert.InRange(unused.Count, 2_850, 3_150);
        Assert.True(used.Count > 4_200, $"{used.Count} of 5000");
        Assert.True(Hard(used) > 2 * Hard(unused), "who is devoted to a category is drawn its hard quests");

        static double Hard(List<Quest> quests) => quests.Count(quest => quest.Difficulty == QuestDifficulty.Hard) / (double)quests.Count;
    }

    [Fact]
    public void Q1_every_quest_is_drawn_for_somebody()
    {
        var drawn = Enumerable.Range(0, 5_000).SelectMany(number => Draw(new Guid(number, 0, 0, new byte[8]), Day, [])).ToHashSet();

        Assert.Equal(QuestCatalogueTests.Shipped.Quests.Count, drawn.Count);
    }

    [Fact]
    public void Q1_a_quest_that_cannot_be_completed_that_day_is_not_in_the_urn() =>
        Gen.Select(Gen.Guid, Gen.Long[0, 1_300], Gen.Long[0, 12]).Hold(history =>
        {
            var (user, live, tasks) = history;
            var drawn = QuestDraw.Of(QuestCatalogueTests.Shipped, Key, user, Day, [], new QuestReach(live, tasks), QuestRules.Default);

            Assert.Equal(3, drawn.Count);
            Assert.All(drawn, quest => Assert.True(quest.Category != QuestCategory.Live || quest.TargetValue <= live));
            Assert.All(drawn, quest => Assert.True(quest.Category != QuestCategory.Xel || quest.TargetValue <= tasks));
        });

    [Fact]
    public void Q1_without_quota_and_with_the_course_finished_the_other_three_categories_are_left()
    {
        var drawn = QuestDraw.Of(QuestCatalogueTests.Shipped, Key, Guid.Empty, Day, [], new QuestReach(0, 0), QuestRules.Default);

        Assert.Equal(
            [QuestCategory.LearningTime, QuestCategory.Xp, QuestCategory.Conversations], drawn.Select(quest => quest.Category).Order());
    }

    [Fact]
    public void Q2_a_drawn_quest_keeps_what_it_was_drawn_with()
    {
        var quest = QuestCatalogueTests.Shipped.Quests[0];

        Assert.Equal(
            new DailyQuest(quest.Id, Day, quest.Category, quest.TargetValue, quest.RewardMultiplier, quest.RewardDuration),
            DailyQuest.Drawn(quest, Day));
    }

    [Fact]
    public void Rules_that_contradict_themselves_are_refused()
    {
        Assert.Same(QuestRules.Default, QuestRules.Default.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (QuestRules.Default with { PerDay = 6 }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (QuestRules.Default with { SettledDays = 3 }).Validate());
    }

    private static IReadOnlyList<Quest> Draw(Guid user, LocalDate day, IEnumerable<QuestDay> days) =>
        QuestDraw.Of(QuestCatalogueTests.Shipped, Key, user, day, days, Everything, QuestRules.Default);
}
