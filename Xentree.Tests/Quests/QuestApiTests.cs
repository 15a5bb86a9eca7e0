using System.Text.Json;
using NodaTime;

namespace Xentree.Tests.Quests;

/// <summary>Rules Q1 to Q6 as a consumer of the API sees them.</summary>
public sealed class QuestApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Q1_three_a_day_of_different_categories_that_can_be_completed()
    {
        using var pupil = await Pupil.RegisterAsync(api, "2026-03-01T12:00", "Europe/Zagreb");

        var answer = (await pupil.User.GetAsync("/api/xp/quests")).ShouldBe(200);

        Assert.Equal(("2026-03-01", "2026-03-01T23:00:00.000Z"), (answer["date"].GetString(), answer["resets_at"].GetString()));
        var quests = answer["quests"].EnumerateArray().ToList();
        Assert.Equal(3, quests.Select(quest => quest.GetProperty("category").GetString()).Distinct().Count());
        Assert.All(quests, quest => Assert.Equal(("active", 0L, 0m), (quest.GetProperty("status").GetString(), Progress(quest), quest.GetProperty("progress_percentage").GetDecimal())));
    }

    [Fact]
    public async Task Q2_the_draw_is_stored_once_however_many_ask_at_once_and_wherever_the_learner_flies()
    {
        using var pupil = await Pupil.RegisterAsync(api, "2026-03-02T01:00", "Asia/Tokyo");
        using var there = pupil.User.On(await api.StartReplicaAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? pupil.User : there).GetAsync("/api/xp/quests")));
        var drawn = Assert.Single(answers.Select(answer => answer.ShouldBe(200).Text).Distinct());

        // Where it is still the 1st there are other quests; back on the 2nd they are the same.
        await pupil.FlyAsync("Europe/London");
        var west = (await pupil.User.GetAsync("/api/xp/quests")).ShouldBe(200);
        Assert.Equal("2026-03-01", west["date"].GetString());
        Assert.Empty(Ids(west).Intersect(Ids(answers[0])));
        await pupil.FlyAsync("Asia/Tokyo");
        Assert.Equal(drawn, (await pupil.User.GetAsync("/api/xp/quests")).Text);
    }

    [Fact]
    public async Task Q2_other_readers_see_a_stored_draw_or_none()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        using var other = api.Anonymous();
        Assert.Equal(0, (await other.GetAsync($"/api/xp/public-profile/{pupil.User.Username}")).ShouldBe(200)["active_quests"].GetArrayLength());

        await pupil.User.GetAsync("/api/xp/quests");

        Assert.Equal(3, (await other.GetAsync($"/api/xp/public-profile/{pupil.User.Username}"))["active_quests"].GetArrayLength());
    }

    [Fact]
    public async Task Q3_Q4_progress_moves_with_the_event_and_completing_gives_tokens_and_a_booster_once()
    {
        using var pupil = await (await Pupil.RegisterAsync(api)).WithoutLiveAsync();
        pupil.At("2026-03-01T12:00");
        var target = Target(await QuestAsync(pupil, "learning_time"));

        await pupil.LearnAsync("2026-03-01T12:00");
        var begun = await QuestAsync(pupil, "learning_time");
        Assert.Equal((60, "active"), (Progress(begun), begun.GetProperty("status").GetString()));
        Assert.Equal(decimal.Floor(60_000m / target) / 10, begun.GetProperty("progress_percentage").GetDecimal());
        Assert.Equal(5, Progress(await QuestAsync(pupil, "xp")));

        await pupil.LearnAsync("2026-03-01T12:01", minutes: (int)((target + 59) / 60));
        var done = await QuestAsync(pupil, "learning_time");
        Assert.Equal((target, "completed", 100m), (Progress(done), done.GetProperty("status").GetString(), done.GetProperty("progress_percentage").GetDecimal()));
        var profile = await pupil.User.GetAsync("/api/xp/profile");
        Assert.NotEqual(JsonValueKind.Null, profile["active_booster"].ValueKind);
        var rewards = await RewardsAsync(pupil);

        await pupil.LearnAsync("2026-03-01T16:00", minutes: 5);
        Assert.Equal(target, Progress(await QuestAsync(pupil, "learning_time")));
        Assert.NotEmpty(rewards);
        Assert.All(rewards, reward => Assert.Equal(5, reward));
        var completed = (await pupil.User.GetAsync("/api/xp/quests"))["quests"].EnumerateArray().Count(quest => quest.GetProperty("status").GetString() == "completed");
        Assert.Equal(completed, (await RewardsAsync(pupil)).Count);
        // XP counts before boosters.
        var xp = await QuestAsync(pupil, "xp");
        Assert.Equal(Math.Min(Target(xp), await pupil.BaseXpAsync()), Progress(xp));
    }

    [Fact]
    public async Task Q4_a_late_event_completes_the_expired_quest_of_its_own_day()
    {
        using var pupil = await (await Pupil.RegisterAsync(api)).WithoutLiveAsync();
        pupil.At("2026-03-01T12:00");
        var target = Target(await QuestAsync(pupil, "learning_time"));
        pupil.At("2026-03-03T09:00");
        await pupil.User.GetAsync("/api/xp/quests");
        Assert.Empty(await RewardsAsync(pupil));

        var start = Instant.FromUtc(2026, 3, 1, 13, 0);
        for (var seconds = 0L; seconds <= target; seconds += 60) (await pupil.TellAsync("start", start + Duration.FromSeconds(seconds))).ShouldBe(200);

        Assert.Contains(5, await RewardsAsync(pupil));
        // Today's are untouched, and the booster holds from when the server knew.
        Assert.Equal(0, Progress(await QuestAsync(pupil, "learning_time")));
        var booster = (await pupil.At("2026-03-03T09:00:01").User.GetAsync("/api/xp/profile"))["active_booster"];
        Assert.NotEqual(JsonValueKind.Null, booster.ValueKind);
    }

    [Fact]
    public async Task Q5_an_event_of_the_last_second_counts_for_that_day_although_it_is_told_after_midnight()
    {
        using var pupil = await (await Pupil.RegisterAsync(api)).WithoutLiveAsync();
        pupil.At("2026-03-01T23:59");
        var quest = await QuestAsync(pupil, "learning_time");
        (await pupil.TellAsync("start", Instant.FromUtc(2026, 3, 1, 23, 58, 59))).ShouldBe(200);
        pupil.At("2026-03-02T00:00:01");
        Assert.Equal("2026-03-02", (await pupil.User.GetAsync("/api/xp/quests"))["date"].GetString());

        (await pupil.TellAsync("activity", Instant.FromUtc(2026, 3, 1, 23, 59, 59) + Duration.FromMilliseconds(900))).ShouldBe(200);

        Assert.Equal(0, Progress(await QuestAsync(pupil, "learning_time")));
        Assert.Equal(5, await pupil.BaseXpAsync("2026-03-01"));
        Assert.Equal(60, await StoredProgressAsync(quest.GetProperty("id").GetGuid()));
    }

    private async Task<long> StoredProgressAsync(Guid quest)
    {
        await using var connection = new Npgsql.NpgsqlConnection(api.Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand("select progress from daily_quests where id = $1", connection) { Parameters = { new() { Value = quest } } };
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static async Task<JsonElement> QuestAsync(Pupil pupil, string category) =>
        (await pupil.User.GetAsync("/api/xp/quests")).ShouldBe(200)["quests"].EnumerateArray().Single(quest => quest.GetProperty("category").GetString() == category);

    /// <summary>The tokens that quests gave.</summary>
    private static async Task<List<long>> RewardsAsync(Pupil pupil) =>
        [.. (await pupil.User.GetAsync("/api/xp/streak-status?explain=true"))["explanation"].GetProperty("tokens").EnumerateArray()
            .Where(token => token.GetProperty("reason").GetString() == "quest").Select(token => token.GetProperty("amount").GetInt64())];

    private static IEnumerable<string?> Ids(Answer answer) => answer["quests"].EnumerateArray().Select(quest => quest.GetProperty("id").GetString());

    private static long Target(JsonElement quest) => quest.GetProperty("target_value").GetInt64();

    private static long Progress(JsonElement quest) => quest.GetProperty("current_progress").GetInt64();
}
