
namespace Xentree.Tests.Xp;

/// <summary>The ledger over HTTP.</summary>
public sealed class XPEventApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string Path = "/api/xp/events";

    [Fact]
    public async Task The_ledger_shows_every_award_newest_first_and_its_sum_is_the_total()
    {
        using var user = await api.SignInAsync(now: "2026-03-01T08:00:00Z", timezone: "America/New_York");
        Assert.Equal(0, (await user.GetAsync(Path)).ShouldBe(200).Json.GetArrayLength());
        await user.LearnAsync("2026-03-02T03:58:30Z", minutes: 3);
        await user.LearnAsync("2026-03-02T12:00:00Z");

        var events = (await user.GetAsync(Path)).ShouldBe(200).Json.EnumerateArray().ToList();

        Assert.Equal(
            [("2026-03-02T12:01:00.000Z", "2026-03-02"), ("2026-03-02T04:01:30.000Z", "2026-03-01"), ("2026-03-02T04:00:30.000Z", "2026-03-01"), ("2026-03-02T03:59:30.000Z", "2026-03-01")],
            events.Select(e => (e.GetProperty("occurred_at").GetString()!, e.GetProperty("date").GetString()!)));
        Assert.All(events, e => Assert.Equal(("conversations", 5L), (e.GetProperty("source").GetString(), e.GetProperty("base").GetInt64())));
        Assert.All(events, e => Assert.Equal((long)decimal.Floor(e.GetProperty("base").GetInt64() * e.GetProperty("multiplier").GetDecimal()), e.GetProperty("amount").GetInt64()));
        Assert.Equal(4, events.Select(e => e.GetProperty("source_id").GetString()).Distinct().Count());
        Assert.Equal((await user.GetAsync("/api/xp/profile"))["total_xp"].GetInt64(), events.Sum(e => e.GetProperty("amount").GetInt64()));
    }

    [Fact]
    public async Task Awards_that_one_late_signal_earned_keep_their_order()
    {
        using var user = await api.SignInAsync(now: "2026-03-01T08:00:00Z");
        user.Now = "2026-03-02T12:00:00Z";
        var session = $"/api/core/conversations/{(await user.PostAsync("/api/core/conversations", new { })).ShouldBe(201)["id"].GetString()}/session";
        // Fifty seconds each: only the last signal makes the minutes full, all at once.
        foreach (var second in (int[])[0, 50, 100, 150, 200, 250, 300]) (await user.PostAsync(session + (second == 0 ? "/start" : "/activity"), new { occurred_at = $"2026-03-02T11:{second / 60:00}:{second % 60:00}Z" })).ShouldBe(200);

        var ordinals = (await user.GetAsync(Path)).ShouldBe(200).Json.EnumerateArray().Select(e => e.GetProperty("occurred_at").GetString()).ToList();

        Assert.Equal(5, ordinals.Count);
        Assert.Equal(ordinals.OrderDescending(StringComparer.Ordinal), ordinals);
    }

    [Fact]
    public async Task It_pages_by_keyset_and_a_new_award_neither_repeats_nor_hides_another()
    {
        using var user = await api.SignInAsync(now: "2026-03-01T08:00:00Z");
        await user.LearnAsync("2026-03-02T12:00:00Z", minutes: 5);
        var all = Ids((await user.GetAsync(Path)).ShouldBe(200));

        var first = (await user.GetAsync(Path + "?limit=2")).ShouldBe(200);
        await user.LearnAsync("2026-03-02T13:00:00Z");
        var second = (await user.GetAsync(Next(first))).ShouldBe(200);
        var third = (await user.GetAsync(Next(second))).ShouldBe(200);

        Assert.Equal(all, Ids(first).Concat(Ids(second)).Concat(Ids(third)));
        Assert.False(third.Headers.ContainsKey("Link"));
        (await user.GetAsync(Path + "?limit=101")).ShouldFail(400, "validation_failed");
        (await user.GetAsync(Path + "?cursor=x")).ShouldFail(400, "invalid_cursor");
    }

    [Fact]
    public async Task It_is_mine_alone_and_a_key_of_mine_reads_all_of_it()
    {
        using var user = await api.SignInAsync(now: "2026-03-01T08:00:00Z");
        using var other = await api.SignInAsync(now: "2026-03-01T08:00:00Z");
        await user.LearnAsync("2026-03-02T12:00:00Z", minutes: 2);
        using var key = await api.KeyForAsync(user, "conversations:read");
        using var without = await api.KeyForAsync(user, "conversations:write");

        Assert.Equal(0, (await other.GetAsync(Path)).ShouldBe(200).Json.GetArrayLength());
        Assert.Equal((await user.GetAsync(Path)).Text, (await key.GetAsync(Path)).ShouldBe(200).Text);
        (await without.GetAsync(Path)).ShouldFail(403, "INSUFFICIENT_API_KEY_SCOPE");
    }

    private static string?[] Ids(Answer page) => [.. page.Json.EnumerateArray().Select(e => e.GetProperty("id").GetString())];

    private static string Next(Answer page) => new Uri(page.Headers["Link"].Split('<', '>')[1]).PathAndQuery;
}
