using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;
using Xentree.Data.Learning;

namespace Xentree.Tests.Xp;

/// <summary>Rules X1 to X9 as a consumer of the API sees them.</summary>
public sealed class XpApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task X2_of_a_gap_its_first_minute_counts_and_half_an_hour_ends_the_session()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        var conversation = await pupil.At("2026-03-01T12:00").ConverseAsync();
        (await pupil.SignalAsync("activity", conversation)).ShouldFail(409, "session_ended");
        (await pupil.SignalAsync("end", conversation)).ShouldFail(409, "session_ended");

        var started = (await pupil.SignalAsync("start", conversation)).ShouldBe(200);
        pupil.At("2026-03-01T12:00:45");
        Assert.Equal(45, (await pupil.SignalAsync("activity", conversation))["learning_seconds"].GetInt32());
        pupil.At("2026-03-01T12:10:45");
        Assert.Equal(105, (await pupil.SignalAsync("activity", conversation))["learning_seconds"].GetInt32());
        pupil.At("2026-03-01T12:40:44.999");
        Assert.Equal("active", (await pupil.User.GetAsync($"/api/core/conversations/{conversation}/session/status"))["status"].GetString());
        pupil.At("2026-03-01T12:40:45");
        (await pupil.SignalAsync("activity", conversation)).ShouldFail(409, "session_ended");

        var status = (await pupil.User.GetAsync($"/api/core/conversations/{conversation}/session/status")).ShouldBe(200);
        Assert.Equal(
            (started["session_id"].GetGuid(), "ended", "2026-03-01T12:10:45.000Z", 105),
            (status["session_id"].GetGuid(), status["status"].GetString(), status["ended_at"].GetString(), status["learning_seconds"].GetInt32()));
        Assert.NotEqual(started["session_id"].GetGuid(), (await pupil.SignalAsync("start", conversation)).ShouldBe(200)["session_id"].GetGuid());
        Assert.Equal("ended", (await pupil.SignalAsync("end", conversation)).ShouldBe(200)["status"].GetString());
        (await pupil.SignalAsync("end", conversation)).ShouldFail(409, "session_ended");
    }

    [Fact]
    public async Task X2_an_end_that_arrives_late_before_a_later_signal_is_an_activity()
    {
        using var pupil = await Pupil.RegisterAsync(api, "2026-03-01T11:00");
        await pupil.LearnAsync("2026-03-01T12:00");
        await pupil.LearnAsync("2026-03-01T12:20");

        var answer = (await pupil.TellAsync("end", Instant.FromUtc(2026, 3, 1, 12, 10))).ShouldBe(200);

        Assert.Equal(("active", "2026-03-01T12:21:00.000Z"), (answer["status"].GetString(), answer["last_activity_at"].GetString()));
    }

    [Fact]
    public async Task X2_a_late_signal_that_joins_two_sessions_leaves_one()
    {
        using var pupil = await Pupil.RegisterAsync(api, "2026-03-01T11:00");
        await pupil.LearnAsync("2026-03-01T12:00");
        await pupil.LearnAsync("2026-03-01T12:40");
        Assert.Equal((2, 2), await CountsAsync());

        (await pupil.TellAsync("activity", Instant.FromUtc(2026, 3, 1, 12, 20))).ShouldBe(200);

        Assert.Equal((1, 1), await CountsAsync());

        async Task<(int Sessions, int Activities)> CountsAsync() => (
            (await pupil.User.GetAsync("/api/analytics/learning-time"))["session_count"].GetInt32(), (await pupil.DayAsync()).GetProperty("activities").GetInt32());
    }

    [Fact]
    public async Task X3_45_seconds_in_one_conversation_and_45_in_another_are_one_segment()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        var (one, other) = (await pupil.ConverseAsync(), await pupil.ConverseAsync());

        await LearnAsync(pupil, one, "2026-03-01T12:00:00", "2026-03-01T12:00:45");
        Assert.Equal(0, await pupil.BaseXpAsync());
        await LearnAsync(pupil, other, "2026-03-01T13:00:00", "2026-03-01T13:00:45");

        Assert.Equal(5, await pupil.BaseXpAsync());
        Assert.Equal(90, (await pupil.DayAsync()).GetProperty("learning_seconds").GetInt32());
        // At once, a second counts once.
        pupil.At("2026-03-01T14:00");
        await Task.WhenAll(pupil.SignalAsync("start", one), pupil.SignalAsync("start", other));
        pupil.At("2026-03-01T14:01");
        await Task.WhenAll(pupil.SignalAsync("activity", one), pupil.SignalAsync("activity", other));
        Assert.Equal(10, await pupil.BaseXpAsync());
        Assert.Equal(150, (await pupil.DayAsync()).GetProperty("learning_seconds").GetInt32());
    }

    [Fact]
    public async Task X3_a_minute_belongs_to_the_day_of_its_last_second_and_a_remainder_carries_over_midnight()
    {
        using var pupil = await Pupil.RegisterAsync(api, zone: "Europe/Zagreb");
        await pupil.LearnAsync("2026-03-01T23:59");
        Assert.Equal((5, 0), (await pupil.BaseXpAsync("2026-03-01"), await pupil.BaseXpAsync("2026-03-02")));
        Assert.Equal("active, open", await pupil.ReasonsAsync("2026-03-01", "2026-03-02"));

        var conversation = await pupil.ConverseAsync();
        await LearnAsync(pupil, conversation, "2026-03-02T23:59:30", "2026-03-03T00:00:30");

        Assert.Equal((0, 5), (await pupil.BaseXpAsync("2026-03-02"), await pupil.BaseXpAsync("2026-03-03")));
        Assert.Equal((30, 30), (
            (await pupil.DayAsync("2026-03-02")).GetProperty("learning_seconds").GetInt32(), (await pupil.DayAsync("2026-03-03")).GetProperty("learning_seconds").GetInt32()));
    }

    [Fact]
    public async Task X3_a_day_has_at_most_120_segments_and_the_excess_is_used_up()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        await pupil.LearnAsync("2026-03-01T12:00", minutes: 122);
        Assert.Equal(600, await pupil.BaseXpAsync("2026-03-01"));
        Assert.Equal(7_320, (await pupil.DayAsync()).GetProperty("learning_seconds").GetInt32());

        await pupil.LearnAsync("2026-03-02T12:00");

        Assert.Equal((600, 5), (await pupil.BaseXpAsync("2026-03-01"), await pupil.BaseXpAsync("2026-03-02")));
    }

    [Fact]
    public async Task X3_what_a_day_is_owed_late_is_paid_though_its_quests_are_closed()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        var conversation = await pupil.ConverseAsync();
        // 45 s on the 1st and 15 s on the 2nd: a segment of the 2nd.
        await LearnAsync(pupil, conversation, "2026-03-01T12:00:00", "2026-03-01T12:00:45");
        await LearnAsync(pupil, conversation, "2026-03-02T12:00:00", "2026-03-02T12:00:15");
        Assert.Equal(5, await pupil.BaseXpAsync("2026-03-02"));
        // 15 s more on the 1st: now it is owed that segment, but both together are worth one.
        (await pupil.SignalAsync("activity", conversation, "2026-03-01T12:01:00Z")).ShouldBe(200);
        Assert.Equal((0, 5), (await pupil.BaseXpAsync("2026-03-01"), await pupil.BaseXpAsync()));

        await LearnAsync(pupil, conversation, "2026-03-04T11:00:00", "2026-03-04T11:00:45");

        Assert.Equal((5, 10), (await pupil.BaseXpAsync("2026-03-01"), await pupil.BaseXpAsync()));
    }

    [Fact]
    public async Task X6_X7_a_quests_booster_multiplies_what_comes_after_it_and_levels_give_tokens()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        await pupil.LearnAsync("2026-03-01T12:00", minutes: 100);

        var profile = (await pupil.User.GetAsync("/api/xp/profile")).ShouldBe(200);

        var total = profile["total_xp"].GetInt64();
        Assert.Equal(500, await pupil.BaseXpAsync());
        Assert.True(total >= 500);
        var level = profile["level"].GetInt64();
        Assert.Equal(total - (50 * level * (level - 1)), profile["current_level_xp"].GetInt64());
        Assert.Equal(100 * level, profile["xp_needed_for_next_level"].GetInt64());
        var tokens = (await pupil.User.GetAsync("/api/xp/streak-status?explain=true"))["explanation"].GetProperty("tokens").EnumerateArray().ToList();
        Assert.Equal(level - 1, tokens.Count(token => token.GetProperty("reason").GetString() == "level" && token.GetProperty("amount").GetInt64() == 10));
        Assert.Equal(tokens.Sum(token => token.GetProperty("amount").GetInt64()), profile["token_balance"].GetInt64());
    }

    [Fact]
    public async Task X9_signals_at_once_on_two_replicas_give_what_they_give_in_a_row()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        using var serial = await Pupil.RegisterAsync(api);
        using var there = pupil.User.On(await api.StartReplicaAsync());
        var asked = Environment.GetEnvironmentVariable("XENTREE_HISTORIES") is { } text ? Math.Min(10_000, int.Parse(text, CultureInfo.InvariantCulture)) : 240;
        var conversations = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => pupil.ConverseAsync()));
        var own = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => serial.ConverseAsync()));
        pupil.At("2026-03-03T12:00");
        serial.At("2026-03-03T12:00");
        there.Now = pupil.User.Now;
        // Each signal opens a session or goes on with one, whoever comes first; some lie on the day before, none lies ahead.
        var apart = Math.Min(37, 12 * 3_600 / asked);
        string When(int i) => InstantPattern.General.Format(Instant.FromUtc(2026, 3, 2, 22, 0) + Duration.FromSeconds(i * apart));

        await Parallel.ForEachAsync(Enumerable.Range(0, asked), new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (i, _) =>
            (await (i % 2 == 0 ? pupil.User : there).PostAsync($"/api/core/conversations/{conversations[i % 8]}/session/start", new { occurred_at = When(i) })).ShouldBe(200));
        for (var i = 0; i < asked; i++) (await serial.SignalAsync("start", own[i % 8], When(i))).ShouldBe(200);

        Assert.Equal(await serial.BaseXpAsync(), await pupil.BaseXpAsync());
        Assert.Equal(await serial.StreakAsync(), await pupil.StreakAsync());
        Assert.Equal((await serial.User.GetAsync("/api/analytics/learning-time")).Text, (await pupil.User.GetAsync("/api/analytics/learning-time")).Text);
        await using var scope = api.Services.CreateAsyncScope();
        foreach (var one in (Pupil[])[pupil, serial])
            Assert.Empty((await scope.ServiceProvider.GetRequiredService<Rebuild>().RunAsync(one.User.UserId, repair: false, TestContext.Current.CancellationToken))!);
    }

    private static async Task LearnAsync(Pupil pupil, Guid conversation, string from, string to)
    {
        (await pupil.At(from).SignalAsync("start", conversation)).ShouldBe(200);
        (await pupil.At(to).SignalAsync("activity", conversation)).ShouldBe(200);
    }
}
