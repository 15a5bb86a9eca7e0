using Xentree.Domain.Quests;

namespace Xentree.Tests.Quests;

/// <summary>The catalogue file, and what is refused in its place.</summary>
public sealed class QuestCatalogueTests
{
    public static QuestCatalogue Shipped { get; } = QuestCatalogue.Parse(Text);

    private static string Text => File.ReadAllText(Path.Combine(Repository.Root, "content", "quests.json"));

    [Fact]
    public void The_file_holds_at_least_40_quests_of_every_category_and_difficulty()
    {
        Assert.True(Shipped.Version >= 1);
        Assert.True(Shipped.Quests.Count >= 40);
        Assert.Equal(15, Shipped.Quests.DistinctBy(quest => (quest.Category, quest.Difficulty)).Count());
        Assert.All(Shipped.Quests, quest => Assert.Same(quest, Shipped.Find(quest.Id)));
        Assert.Equal(Shipped.Quests.Count, Shipped.Quests.DistinctBy(quest => quest.Title).Count());
        Assert.Null(Shipped.Find("no-such-quest"));
    }

    [Fact]
    public void A_day_is_enough_for_each_of_them()
    {
        // Two hours of conversation are 600 XP; a free month of live is 1,800 s.
        foreach (var quest in Shipped.Quests)
        {
            Assert.True(quest.TargetValue <= quest.Category switch
            {
                QuestCategory.LearningTime => 7_200,
                QuestCategory.Xp => 300,
                QuestCategory.Conversations => 60,
                QuestCategory.Xel => 12,
                _ => 1_500,
            }, quest.Id);
        }
    }

    [Fact]
    public void A_harder_quest_asks_for_more_and_gives_more()
    {
        foreach (var category in Shipped.Quests.GroupBy(quest => quest.Category))
        {
            var ordered = category.OrderBy(quest => quest.TargetValue).ToList();
            Assert.Equal(ordered.Select(quest => quest.Difficulty).Order(), ordered.Select(quest => quest.Difficulty));
            Assert.Equal(ordered.Select(Reward).Order(), ordered.Select(Reward));
        }

        static decimal Reward(Quest quest) => quest.RewardMultiplier * quest.RewardDuration;
    }

    [Theory]
    [InlineData("", "cannot be read")]
    [InlineData("null", "is empty")]
    [InlineData("{}", "version")]
    [InlineData("""{"version": 1, "quests": null}""", "cannot be read")]
    [InlineData("""{"version": 1, "quests": [null]}""", "a quest is null")]
    [InlineData("""{"version": 0, "quests": []}""", "version must be at least 1.")]
    [InlineData("""{"version": 1, "quests": []}""", "No quest is of category learning_time.")]
    [InlineData("""{"version": 1, "quests": [], "colour": "red"}""", "colour")]
    public void A_file_that_is_no_catalogue_is_refused(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => QuestCatalogue.Parse(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"id\": \"first-five\"", "\"id\": \"First Five\"", "Quest 'First Five': id must be 1 to 64 of a-z, 0-9 and hyphens.")]
    [InlineData("\"id\": \"first-five\"", "\"id\": \"coffee-break\"", "Quest 'coffee-break' is there 2 times.")]
    [InlineData("\"title\": \"First five\"", "\"title\": \" \"", "Quest 'first-five': title must not be empty.")]
    [InlineData("\"title\": \"First five\"", "\"title\": null", "title")]
    [InlineData("\"target_value\": 300,", "\"target_value\": 0,", "Quest 'first-five': target_value must be at least 1.")]
    [InlineData("\"target_value\": 300,", "", "target_value")]
    [InlineData("\"reward_multiplier\": 1.25", "\"reward_multiplier\": 1", "reward_multiplier must be above 1")]
    [InlineData("\"reward_multiplier\": 1.25", "\"reward_multiplier\": 1.255", "reward_multiplier must be above 1")]
    [InlineData("\"reward_duration\": 20", "\"reward_duration\": 0", "reward_duration must be 1 to 1440 minutes.")]
    [InlineData("\"weight\": 10", "\"weight\": 0", "weight must be 1 to 100.")]
    [InlineData("\"category\": \"learning_time\"", "\"category\": \"sleep\"", "QuestCategory")]
    [InlineData("\"difficulty\": \"easy\"", "\"difficulty\": 0", "QuestDifficulty")]
    public void A_quest_that_is_wrong_is_named(string right, string wrong, string reason)
    {
        var text = Text;
        var at = text.IndexOf(right, StringComparison.Ordinal);
        var json = string.Concat(text.AsSpan(0, at), wrong, text.AsSpan(at + right.Length));

        Assert.Contains(reason, Assert.Throws<FormatException>(() => QuestCatalogue.Parse(json)).Message, StringComparison.Ordinal);
    }
}
