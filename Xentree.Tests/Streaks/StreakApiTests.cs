using System.Globalization;

namespace Xentree.Tests.Streaks;

/// <summary>Rules S1 to S12 as a consumer of the API sees them, on one replica and on two.</summary>
public sealed class StreakApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task S1_the_first_day_is_1_whatever_happens_on_it_and_the_next_is_2()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        Assert.Null((await pupil.StreakAsync()).LastActivity);
        await pupil.LearnAsync("2026-03-01T12:00");
        await pupil.HoldsAsync(current: 1, savers: 0);

        await pupil.LearnAsync("2026-03-01T13:00", minutes: 20);
        await pupil.HoldsAsync(current: 1, savers: 0);

        await pupil.LearnAsync("2026-03-02T00:00");
        await pupil.HoldsAsync(current: 2, savers: 0);
    }

    [Fact]
    public async Task S2_a_day_without_activity_is_a_risk_and_a_missed_one_the_end()
    {
        using var pupil = await Pupil.RegisterAsync(api, zone: "Europe/Zagreb");
        await pupil.LearnOnAsync(1, 2, 3, 4, 5);

        pupil.At("2026-03-06T12:00");
        Assert.Equal(new StreakSeen(5, 5, 5, 0, 0, true, "2026-03-05", "2026-03-06T23:00:00.000Z"), await pupil.StreakAsync());
        pupil.At("2026-03-06T23:59:59.999");
        Assert.Equal(5, (await pupil.StreakAsync()).Current);
        pupil.At("2026-03-07T00:00");
        Assert.Equal(new StreakSeen(0, 5, 0, 0, 0, false, "2026-03-05", "2026-03-07T23:00:00.000Z"), await pupil.StreakAsync());
    }

    [Fact]
    public async Task S3_two_savers_hold_two_missed_days()
    {
        using var pupil = await WithSaversAsync(2);

        await pupil.LearnOnAsync(8);

        var streak = await pupil.StreakAsync();
        Assert.Equal((6, 1, 0, 2), (streak.Current, streak.DayOnly, streak.Savers, streak.Used));
        Assert.Equal("covered, covered, active", await pupil.ReasonsAsync("2026-03-06", "2026-03-07", "2026-03-08"));
        Assert.True((await pupil.DayAsync("2026-03-06")).GetProperty("freeze_covered").GetBoolean());
    }

    [Fact]
    public async Task S4_savers_are_spent_on_the_oldest_days_although_the_run_breaks_later()
    {
        using var pupil = await WithSaversAsync(2);

        await pupil.LearnOnAsync(9);

        await pupil.HoldsAsync(current: 1, savers: 0);
        Assert.Equal("covered, covered, missed, active", await pupil.ReasonsAsync("2026-03-06", "2026-03-07", "2026-03-08", "2026-03-09"));
        Assert.Equal(5, (await pupil.StreakAsync()).Longest);
    }

    [Theory]
    [InlineData("2026-03-07T12:00", 0, 1)]
    [InlineData("2026-03-06T23:59:59.999", 5, 0)]
    public async Task S5_a_saver_does_not_save_a_day_that_was_over(string bought, int current, int savers)
    {
        using var pupil = await WithSaversAsync(0);
        await pupil.At(bought).BuySaverAsync();

        pupil.At("2026-03-07T12:00");

        await pupil.HoldsAsync(current, savers);
        // Nor is it spent where there is no chain to hold.
        pupil.At("2026-04-07T12:00");
        Assert.Equal(savers, (await pupil.StreakAsync()).Savers);
    }

    [Fact]
    public async Task S6_reading_every_hour_changes_nothing()
    {
        using var read = await WithSaversAsync(1);
        using var unread = await WithSaversAsync(1);
        for (var hour = 13; hour < 13 + (5 * 24); hour++)
        {
            read.At(string.Create(CultureInfo.InvariantCulture, $"2026-03-{5 + (hour / 24):00}T{hour % 24:00}:00"));
            await read.StreakAsync();
            if (hour % 8 == 0) await read.User.GetAsync("/api/xp/quests");
        }

        foreach (var pupil in (Pupil[])[read, unread])
        {
            await pupil.At("2026-03-10T14:00").TellAsync("2026-03-08T20:00");
            await pupil.LearnOnAsync(11);
        }

        Assert.Equal(await unread.StreakAsync(), await read.StreakAsync());
        Assert.Equal(await SeenAsync(unread), await SeenAsync(read));

        static async Task<string> SeenAsync(Pupil pupil) => string.Join('\n',
            (await pupil.User.GetAsync("/api/xp/streak-status?explain=true"))["explanation"].GetProperty("savers"),
            (await pupil.User.GetAsync("/api/xp/learning-pulse")).Text,
            (await pupil.User.GetAsync("/api/analytics/learning-time")).Text);
    }

    [Fact]
    public async Task S7_a_hundred_first_requests_at_once_spend_one_saver_a_missed_day()
    {
        using var pupil = await WithSaversAsync(2);
        using var there = pupil.User.On(await api.StartReplicaAsync());
        var conversation = await pupil.ConverseAsync();
        pupil.At("2026-03-07T12:00");
        there.Now = pupil.User.Now;

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            var user = i % 2 == 0 ? pupil.User : there;
            // Some of them write: each settles the absence under the lock.
            if (i % 10 == 0) (await user.PostAsync($"/api/core/conversations/{conversation}/session/start")).ShouldBe(200);
            return (await user.GetAsync("/api/xp/streak-status")).ShouldBe(200).Text;
        }));

        Assert.Single(answers.Distinct());
        await pupil.HoldsAsync(current: 5, savers: 1);
        Assert.Equal(1, (await pupil.StreakAsync()).Used);
        var movements = (await pupil.User.GetAsync("/api/xp/streak-status?explain=true"))["explanation"].GetProperty("savers").EnumerateArray().Select(m => m.GetProperty("kind").GetString());
        Assert.Equal(["bought", "bought", "spent"], movements);
    }

    [Fact]
    public async Task S8_a_saver_is_granted_at_each_multiple_of_seven_and_lost_at_two()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        await pupil.HoldsAsync(current: 0, savers: 0);
        for (var day = 1; day <= 21; day++)
        {
            await pupil.LearnOnAsync(day);
            await pupil.HoldsAsync(current: day, savers: Math.Min(2, day / 7));
        }

        await pupil.GiveTokensAsync(50);
        (await pupil.User.PostAsync("/api/xp/streak-savers")).ShouldFail(409, "saver_limit");
        var kinds = (await pupil.User.GetAsync("/api/xp/streak-status?explain=true"))["explanation"].GetProperty("savers").EnumerateArray().Select(m => m.GetProperty("kind").GetString());
        Assert.Equal(["granted", "granted", "lost"], kinds);
    }

    [Fact]
    public async Task S8_of_two_purchases_at_once_with_50_tokens_one_succeeds()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        using var there = pupil.User.On(await api.StartReplicaAsync());
        (await pupil.User.PostAsync("/api/xp/streak-savers")).ShouldFail(409, "insufficient_tokens");
        await pupil.GiveTokensAsync(50);

        var answers = await Task.WhenAll(pupil.User.PostAsync("/api/xp/streak-savers"), there.PostAsync("/api/xp/streak-savers"));

        var bought = Assert.Single(answers, answer => (int)answer.Status == 201);
        Assert.Equal((1, 0, 50), (bought["freezes_available"].GetInt32(), bought["token_balance"].GetInt32(), bought["cost"].GetInt32()));
        Assert.Single(answers, answer => (int)answer.Status == 409).ShouldFail(409, "insufficient_tokens");
        await pupil.HoldsAsync(current: 0, savers: 1);
    }

    [Fact]
    public async Task S8_the_same_idempotency_key_twice_is_one_debit()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        using var there = pupil.User.On(await api.StartReplicaAsync());
        await pupil.GiveTokensAsync(120);

        var answers = await Task.WhenAll(
            pupil.User.PostAsync("/api/xp/streak-savers", null, ("Idempotency-Key", "one")), there.PostAsync("/api/xp/streak-savers", null, ("Idempotency-Key", "one")));
        var again = await pupil.User.PostAsync("/api/xp/streak-savers", null, ("Idempotency-Key", "one"));

        Assert.All(answers.Append(again), answer => answer.ShouldBe(201));
        Assert.Single(answers.Append(again).Select(answer => answer.Text).Distinct());
        Assert.Equal(70, (await pupil.User.GetAsync("/api/xp/profile"))["token_balance"].GetInt32());
        await pupil.HoldsAsync(current: 0, savers: 1);
    }

    [Fact]
    public async Task S11_explain_tells_of_days_savers_and_tokens()
    {
        using var pupil = await WithSaversAsync(1);
        pupil.At("2026-03-07T12:00");

        var explanation = (await pupil.User.GetAsync("/api/xp/streak-status?explain=true")).ShouldBe(200)["explanation"];

        var days = explanation.GetProperty("days").EnumerateArray().ToList();
        Assert.Equal((30, "2026-03-07"), (days.Count, days[^1].GetProperty("date").GetString()));
        Assert.Equal("missed, active, active, active, active, active, covered, open", await pupil.ReasonsAsync(
            "2026-02-28", "2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07"));
        var savers = explanation.GetProperty("savers").EnumerateArray().ToList();
        Assert.Equal(["bought", "spent"], savers.Select(saver => saver.GetProperty("kind").GetString()));
        Assert.Equal(("2026-03-07T00:00:00.000Z", "2026-03-06", 5), (savers[1].GetProperty("at").GetString(), savers[1].GetProperty("date").GetString(), savers[1].GetProperty("streak").GetInt32()));
        Assert.Contains(explanation.GetProperty("tokens").EnumerateArray(), token => token.GetProperty("reason").GetString() == "saver" && token.GetProperty("amount").GetInt64() == -50);
    }

    /// <summary>Active from the 1st to the 5th of March, with so many savers bought on the 5th.</summary>
    private async Task<Pupil> WithSaversAsync(int savers)
    {
        var pupil = await Pupil.RegisterAsync(api);
        await pupil.LearnOnAsync(1, 2, 3, 4, 5);
        for (var i = 0; i < savers; i++) await pupil.BuySaverAsync();
        return pupil;
    }
}
