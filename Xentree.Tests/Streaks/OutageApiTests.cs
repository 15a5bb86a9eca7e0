using System.Text.Json;

namespace Xentree.Tests.Streaks;

/// <summary>Outages over HTTP. They are everybody's, so each test has days of its own.</summary>
public sealed class OutageApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string Path = "/api/admin/outages";

    [Fact]
    public async Task S10_every_local_day_that_an_outage_overlaps_is_bridged_at_once_for_everybody()
    {
        using var admin = await api.SignInAdminAsync();
        using var here = await api.SignInAsync(now: "2025-03-01T08:00:00Z", timezone: "UTC");
        using var east = await api.SignInAsync(now: "2025-03-01T08:00:00Z", timezone: "Asia/Tokyo");
        foreach (var user in (ApiClient[])[here, east])
        {
            foreach (var day in (int[])[1, 2, 3]) await user.LearnAsync($"2025-03-0{day}T12:00:00Z");
            user.Now = "2025-03-06T12:00:00Z";
            Assert.Equal(0, (await StreakAsync(user)).GetProperty("current_streak").GetInt32());
        }

        var tag = (await here.GetAsync("/api/xp/streak-status")).Headers["ETag"];
        var declared = (await admin.PostAsync(Path, new { from = "2025-03-04T15:30:00Z", to = "2025-03-05T14:00:00Z", reason = "A power cut" })).ShouldBe(201);

        Assert.Equal($"{Path}/{declared["id"].GetString()}", declared.Headers["Location"]);
        Assert.Equal(("2025-03-04T15:30:00.000Z", "2025-03-05T14:00:00.000Z", "A power cut", JsonValueKind.Null),
            (declared["from"].GetString(), declared["to"].GetString(), declared["reason"].GetString(), declared["withdrawn_at"].ValueKind));
        // In Tokyo it was the 5th alone, so the 4th is missed there.
        Assert.Equal(["missed", "bridged", "open"], Reasons(await ExplainAsync(east)));
        Assert.Equal(["bridged", "bridged", "open"], Reasons(await ExplainAsync(here)));
        Assert.NotEqual(tag, (await here.GetAsync("/api/xp/streak-status", ("If-None-Match", tag))).ShouldBe(200).Headers["ETag"]);
        await here.LearnAsync("2025-03-06T13:00:00Z");
        Assert.Equal((4, 4), (await StreakAsync(here)) is var streak ? (streak.GetProperty("current_streak").GetInt32(), streak.GetProperty("day_only_streak").GetInt32()) : default);
        // Who comes later finds it too.
        using var later = await api.SignInAsync(now: "2025-03-03T08:00:00Z");
        await later.LearnAsync("2025-03-03T12:00:00Z");
        later.Now = "2025-03-06T12:00:00Z";
        Assert.Equal(1, (await StreakAsync(later)).GetProperty("current_streak").GetInt32());
    }

    [Fact]
    public async Task D11_an_outage_that_is_declared_later_mends_the_chain_and_grants_where_it_would_have()
    {
        using var admin = await api.SignInAdminAsync();
        using var user = await api.SignInAsync(now: "2026-03-01T08:00:00Z", timezone: "UTC");
        await user.LearnInMarchAsync(1, 2, 3, 5, 6, 7, 8, 9, 10, 11);
        user.Now = "2026-03-12T12:00:00Z";
        Assert.Equal(7, (await StreakAsync(user)).GetProperty("current_streak").GetInt32());

        (await admin.PostAsync(Path, new { from = "2026-03-04T10:00:00Z", to = "2026-03-04T11:00:00Z" })).ShouldBe(201);

        var streak = await ExplainAsync(user);
        Assert.Equal((10, 10, 1), (streak.GetProperty("current_streak").GetInt32(), streak.GetProperty("longest_streak").GetInt32(), streak.GetProperty("freezes_available").GetInt32()));
        var saver = Assert.Single(streak.GetProperty("explanation").GetProperty("savers").EnumerateArray());
        Assert.Equal("2026-03-08", saver.GetProperty("date").GetString());
        Assert.Equal(10, (await user.GetAsync("/api/xp/profile"))["current_streak"].GetInt32());
        Assert.Equal(10, (await user.GetAsync($"/api/xp/public-profile/{user.Username}"))["profile"].GetProperty("current_streak").GetInt32());
    }

    [Fact]
    public async Task S10_an_outage_is_withdrawn_until_the_first_of_its_days_is_over_anywhere()
    {
        // At 18:15Z it is midnight in Kathmandu.
        using var admin = await api.SignInAdminAsync("2024-03-10T18:14:59.999Z");
        using var user = await api.SignInAsync(now: "2024-03-08T08:00:00Z", timezone: "UTC");
        await user.LearnAsync("2024-03-08T12:00:00Z");
        await user.LearnAsync("2024-03-09T12:00:00Z");
        var one = (await admin.PostAsync(Path, new { from = "2024-03-10T18:05:00Z", to = "2024-03-12T00:00:00Z" })).ShouldBe(201);
        var other = (await admin.PostAsync(Path, new { from = "2024-03-10T18:10:00Z", to = "2024-03-11T06:00:00Z" })).ShouldBe(201);
        Assert.Equal(("2024-03-10T18:15:00.000Z", "2024-03-10T18:14:59.999Z"), (one["withdrawable_until"].GetString(), one["declared_at"].GetString()));
        user.Now = "2024-03-12T12:00:00Z";
        Assert.Equal(2, (await StreakAsync(user)).GetProperty("current_streak").GetInt32());

        // The days of both stay bridged while one of them stands.
        (await admin.DeleteAsync(PathOf(one))).ShouldBe(204);
        Assert.Equal(2, (await StreakAsync(user)).GetProperty("current_streak").GetInt32());
        (await admin.DeleteAsync(PathOf(one))).ShouldFail(404, "not_found");
        Assert.DoesNotContain(one["id"].GetString(), await IdsAsync(admin, Path));
        Assert.Contains(one["id"].GetString(), await IdsAsync(admin, Path + "?include_withdrawn=true"));

        admin.Now = "2024-03-10T18:15:00Z";
        (await admin.DeleteAsync(PathOf(other))).ShouldFail(409, "outage_final");
        Assert.Contains(other["id"].GetString(), await IdsAsync(admin, Path));
    }

    [Fact]
    public async Task S10_what_a_withdrawn_outage_bridged_is_missed()
    {
        using var admin = await api.SignInAdminAsync("2024-05-10T08:30:00Z");
        using var user = await api.SignInAsync(now: "2024-05-09T08:00:00Z", timezone: "UTC");
        await user.LearnAsync("2024-05-09T12:00:00Z");
        var outage = (await admin.PostAsync(Path, new { from = "2024-05-10T08:00:00Z", to = "2024-05-10T09:30:00Z" })).ShouldBe(201);
        user.Now = "2024-05-11T12:00:00Z";
        Assert.Equal(1, (await StreakAsync(user)).GetProperty("current_streak").GetInt32());

        (await admin.DeleteAsync(PathOf(outage))).ShouldBe(204);

        Assert.Equal((0, 1), (await StreakAsync(user)) is var streak ? (streak.GetProperty("current_streak").GetInt32(), streak.GetProperty("longest_streak").GetInt32()) : default);
    }

    [Fact]
    public async Task Two_withdrawals_at_once_are_one()
    {
        using var admin = await api.SignInAdminAsync();
        var outage = (await admin.PostAsync(Path, new { from = "2099-01-01T00:00:00Z", to = "2099-01-02T00:00:00Z" })).ShouldBe(201);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => admin.DeleteAsync(PathOf(outage))));

        Assert.Equal([204, 404, 404, 404, 404], answers.Select(answer => (int)answer.Status).Order());
    }

    [Theory]
    [InlineData("""{"to":"2026-06-02T00:00:00Z"}""", "from")]
    [InlineData("""{"from":"2026-06-01T00:00:00Z"}""", "to")]
    [InlineData("""{"from":"yesterday","to":"2026-06-02T00:00:00Z"}""", "from")]
    [InlineData("""{"from":"2026-06-01","to":"2026-06-02T00:00:00Z"}""", "from")]
    [InlineData("""{"from":"2026-06-01T00:00:00Z","to":"2026-06-01T00:00:00Z"}""", "to")]
    [InlineData("""{"from":"2026-06-02T00:00:00Z","to":"2026-06-01T00:00:00Z"}""", "to")]
    [InlineData("""{"from":"2026-06-01T00:00:00.0001Z","to":"2026-06-01T00:00:00.0009Z"}""", "to")]
    [InlineData("""{"from":"2026-06-01T00:00:00Z","to":"2026-07-02T00:00:00.001Z"}""", "to")]
    [InlineData("""{"from":"1999-12-31T23:59:59.999Z","to":"2000-01-01T00:00:00Z"}""", "from")]
    [InlineData("""{"from":"2101-01-01T00:00:00Z","to":"2101-01-01T00:00:01Z"}""", "from")]
    [InlineData("""{"from":"2026-06-01T00:00:00Z","to":"2026-06-01T00:00:01Z","reason":" "}""", "reason")]
    public async Task What_is_no_outage_is_refused_by_name(string body, string field)
    {
        using var admin = await api.SignInAdminAsync();

        var answer = (await admin.PostRawAsync(Path, body)).ShouldFail(400, "validation_failed");

        Assert.Equal([field], answer["detail"].GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task The_list_is_newest_first_and_pages_and_a_repeated_key_declares_once()
    {
        using var admin = await api.SignInAdminAsync();
        var ids = new List<string?>();
        foreach (var year in (int[])[2091, 2092, 2093])
        {
            var body = new { from = $"{year}-01-01T00:00:00Z", to = $"{year}-01-31T23:59:59Z" };
            var key = ("Idempotency-Key", $"{admin.UserId} {year}");
            ids.Insert(0, (await admin.PostAsync(Path, body, key)).ShouldBe(201)["id"].GetString());
            Assert.Equal(ids[0], (await admin.PostAsync(Path, body, key)).ShouldBe(201)["id"].GetString());
        }

        var first = (await admin.GetAsync(Path + "?limit=2")).ShouldBe(200);
        var next = first.Headers["Link"].Split('<', '>')[1];
        var second = (await admin.GetAsync(new Uri(next).PathAndQuery)).ShouldBe(200);

        Assert.Equal(ids.Take(2), Ids(first));
        Assert.Equal(ids[2], Ids(second)[0]);
    }

    private static string PathOf(Answer outage) => $"{Path}/{outage["id"].GetString()}";

    private static async Task<JsonElement> StreakAsync(ApiClient user) => (await user.GetAsync("/api/xp/streak-status")).ShouldBe(200).Json;

    private static async Task<JsonElement> ExplainAsync(ApiClient user) => (await user.GetAsync("/api/xp/streak-status?explain=true")).ShouldBe(200).Json;

    private static IEnumerable<string?> Reasons(JsonElement explained) =>
        explained.GetProperty("explanation").GetProperty("days").EnumerateArray().TakeLast(3).Select(day => day.GetProperty("reason").GetString());

    private static string?[] Ids(Answer list) => [.. list.Json.EnumerateArray().Select(outage => outage.GetProperty("id").GetString())];

    private static async Task<string?[]> IdsAsync(ApiClient admin, string path) => Ids((await admin.GetAsync(path)).ShouldBe(200));
}
