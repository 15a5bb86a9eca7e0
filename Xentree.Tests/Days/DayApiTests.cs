using NodaTime;

namespace Xentree.Tests.Days;

/// <summary>Rules D1 to D10 as a consumer of the API sees them.</summary>
public sealed class DayApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("D1", "America/New_York", "2026-03-08T04:59:59Z", "2026-03-07", "2026-03-08T05:00:00Z", "2026-03-08")]
    [InlineData("D1", "America/New_York", "2026-03-09T03:59:59Z", "2026-03-08", "2026-03-09T04:00:00Z", "2026-03-09")]
    [InlineData("D1", "America/New_York", "2026-11-02T04:59:59Z", "2026-11-01", "2026-11-02T05:00:00Z", "2026-11-02")]
    [InlineData("D2", "America/Santiago", "2026-09-06T03:59:59Z", "2026-09-05", "2026-09-06T04:00:00Z", "2026-09-06")]
    [InlineData("D2", "Asia/Beirut", "2026-03-28T21:59:59Z", "2026-03-28", "2026-03-28T22:00:00Z", "2026-03-29")]
    [InlineData("D2", "Asia/Kathmandu", "2026-03-10T18:14:59Z", "2026-03-10", "2026-03-10T18:15:00Z", "2026-03-11")]
    [InlineData("D2", "Australia/Lord_Howe", "2026-04-04T12:59:59Z", "2026-04-04", "2026-04-04T13:00:00Z", "2026-04-05")]
    public async Task D1_D2_a_day_runs_from_its_first_instant_to_the_next_dates(string rule, string zone, string before, string date, string midnight, string next)
    {
        using var user = await api.SignInAsync(now: "2026-03-01T12:00:00Z", timezone: zone);

        user.Now = before;
        Assert.Equal((rule, date), (rule, (await user.GetAsync("/api/xp/quests")).ShouldBe(200)["date"].GetString()));
        Assert.Equal(midnight.Replace("Z", ".000Z", StringComparison.Ordinal), (await user.GetAsync("/api/xp/streak-status"))["resets_at"].GetString());

        user.Now = midnight;
        Assert.Equal(next, (await user.GetAsync("/api/xp/quests"))["date"].GetString());
        Assert.Equal(next, (await user.GetAsync("/api/xp/learning-pulse"))["end_date"].GetString());
    }

    [Fact]
    public async Task D3_an_event_counts_for_its_own_stored_date_also_after_flying_west()
    {
        using var pupil = await Pupil.RegisterAsync(api, zone: "Europe/London");
        await pupil.LearnOnAsync(10);
        await pupil.LearnAsync("2026-03-11T01:00");
        var before = await pupil.StreakAsync();

        await pupil.FlyAsync("America/New_York");
        Assert.Equal("2026-03-10", (await pupil.User.GetAsync("/api/xp/learning-pulse"))["end_date"].GetString());
        await pupil.LearnAsync("2026-03-10T22:00");

        var after = await pupil.StreakAsync();
        Assert.Equal((2, 2), (before.Current, after.Current));
        Assert.Equal(("2026-03-11", "2026-03-11T04:00:00.000Z"), (after.LastActivity, after.ResetsAt));
        Assert.Equal((10, 5), (await pupil.BaseXpAsync("2026-03-10"), await pupil.BaseXpAsync("2026-03-11")));
    }

    [Fact]
    public async Task D4_a_date_that_a_flight_cut_off_is_bridged_and_the_one_it_jumped_over_costs_a_saver()
    {
        using var pupil = await Pupil.RegisterAsync(api, zone: "Europe/London");
        await pupil.LearnOnAsync(3, 4, 5, 6, 7, 8, 9);
        await pupil.HoldsAsync(current: 7, savers: 1);

        await pupil.At("2026-03-10T20:00").FlyAsync("Asia/Tokyo");
        await pupil.LearnAsync("2026-03-12T20:00");

        await pupil.HoldsAsync(current: 8, savers: 0);
        Assert.Equal("active, bridged, covered, active", await pupil.ReasonsAsync("2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12"));
    }

    [Fact]
    public async Task D5_the_fourth_change_of_zone_in_168_hours_is_refused_with_all_of_the_patch()
    {
        using var pupil = await Pupil.RegisterAsync(api, "2026-03-02T12:00", "Asia/Kolkata");
        var user = pupil.User;
        (await user.PatchAsync("/api/auth/me", new { timezone = "Asia/Calcutta" })).ShouldBe(200);
        user.Now = "2026-03-03T00:00:00Z";
        (await user.PatchAsync("/api/auth/me", new { timezone = "Asia/Tokyo" })).ShouldBe(200);
        user.Now = "2026-03-04T00:00:00Z";
        (await user.PatchAsync("/api/auth/me", new { timezone = "Europe/London" })).ShouldBe(200);
        (await user.PatchAsync("/api/auth/me", new { timezone = "Europe/Paris" })).ShouldBe(200);

        user.Now = "2026-03-09T23:59:59.999Z";
        var refused = (await user.PatchAsync("/api/auth/me", new { timezone = "UTC", full_name = "Ana", language = "hr" })).ShouldFail(429, "zone_change_limit");

        Assert.Equal("2026-03-10T00:00:00.000Z", refused["detail"].GetProperty("retry_at").GetString());
        Assert.Equal("1", refused.Headers["Retry-After"]);
        var me = await user.GetAsync("/api/auth/me");
        Assert.Equal(("Europe/Paris", null, "en"), (me["timezone"].GetString(), me["full_name"].GetString(), me["language"].GetString()));
        user.Now = "2026-03-10T00:00:00Z";
        (await user.PatchAsync("/api/auth/me", new { timezone = "UTC", full_name = "Ana" })).ShouldBe(200);
    }

    [Fact]
    public async Task D5_changes_at_once_are_still_three()
    {
        using var pupil = await Pupil.RegisterAsync(api, "2026-03-02T12:00");
        using var there = pupil.User.On(await api.StartReplicaAsync());
        string[] zones = ["Asia/Tokyo", "Europe/London", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Africa/Cairo", "America/Lima", "Asia/Dhaka"];

        var answers = await Task.WhenAll(zones.Select((zone, i) => (i % 2 == 0 ? pupil.User : there).PatchAsync("/api/auth/me", new { timezone = zone })));

        Assert.Equal(3, answers.Count(answer => (int)answer.Status == 200));
        Assert.All(answers.Where(answer => (int)answer.Status != 200), answer => answer.ShouldFail(429, "zone_change_limit"));
    }

    [Fact]
    public async Task D6_an_event_of_72_hours_ago_counts_for_its_own_day()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        pupil.At("2026-03-10T12:01");

        await pupil.TellAsync("2026-03-07T12:01");

        Assert.Equal("active", await pupil.ReasonsAsync("2026-03-07"));
        Assert.Equal(5, (await pupil.DayAsync("2026-03-07")).GetProperty("xp").GetInt64());
    }

    [Fact]
    public async Task D6_an_older_event_gives_xp_as_received_and_makes_no_day_active()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        pupil.At("2026-03-10T12:00");

        await pupil.TellAsync("2026-03-07T11:00");

        Assert.Equal("missed, open", await pupil.ReasonsAsync("2026-03-07", "2026-03-10"));
        Assert.Equal((0, 5, 60), (
            (await pupil.DayAsync("2026-03-07")).GetProperty("xp").GetInt64(),
            (await pupil.DayAsync()).GetProperty("xp").GetInt64(),
            (await pupil.DayAsync()).GetProperty("learning_seconds").GetInt64()));
        await pupil.HoldsAsync(current: 0, savers: 0);
        // The same told again adds nothing.
        await pupil.TellAsync("2026-03-07T11:00");
        Assert.Equal(5, await pupil.BaseXpAsync());
    }

    [Fact]
    public async Task D6_what_a_signal_of_today_makes_count_counts_also_when_the_one_before_it_came_too_late()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        pupil.At("2026-03-10T12:00:30");
        // The start lies 72 h and 30 s back, the activity 72 h less 30 s: it may still count for its day, and with it the gap before it.
        (await pupil.TellAsync("start", Instant.FromUtc(2026, 3, 7, 12, 0, 0))).ShouldBe(200);
        (await pupil.TellAsync("activity", Instant.FromUtc(2026, 3, 7, 12, 1, 0))).ShouldBe(200);

        Assert.Equal((5, 60), (
            (await pupil.DayAsync("2026-03-07")).GetProperty("xp").GetInt64(), (await pupil.DayAsync("2026-03-07")).GetProperty("learning_seconds").GetInt64()));
        Assert.Equal("active", await pupil.ReasonsAsync("2026-03-07"));
    }

    [Fact]
    public async Task D6_an_event_of_the_future_or_of_before_the_registration()
    {
        using var pupil = await Pupil.RegisterAsync(api, "2026-03-02T12:00");
        var now = Instant.FromUtc(2026, 3, 3, 12, 0);
        pupil.At("2026-03-03T12:00");

        Assert.Equal("2026-03-03T12:00:00.000Z", (await pupil.TellAsync("start", now + Duration.FromMinutes(5))).ShouldBe(200)["started_at"].GetString());
        (await pupil.TellAsync("start", now + Duration.FromMinutes(5) + Duration.FromMilliseconds(1))).ShouldFail(400, "validation_failed");
        (await pupil.TellAsync("start", Instant.FromUtc(2026, 3, 2, 11, 59, 59))).ShouldFail(400, "validation_failed");
        (await pupil.TellAsync("start", Instant.FromUtc(2026, 3, 2, 12, 0))).ShouldBe(200);
    }

    [Theory]
    [InlineData("+05:00")]
    [InlineData("EST5EDT4")]
    [InlineData("")]
    [InlineData("utc+1")]
    public async Task D7_what_is_no_zone_changes_nothing(string zone)
    {
        using var pupil = await Pupil.RegisterAsync(api, zone: "Europe/Zagreb");

        (await pupil.User.PatchAsync("/api/auth/me", new { timezone = zone, full_name = "Ana" })).ShouldFail(400, "validation_failed");

        var me = await pupil.User.GetAsync("/api/auth/me");
        Assert.Equal(("Europe/Zagreb", null), (me["timezone"].GetString(), me["full_name"].GetString()));
    }

    [Fact]
    public async Task D8_a_late_event_frees_the_saver_for_the_day_after_it()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        await pupil.LearnOnAsync(1, 2, 3, 4, 5);
        await pupil.BuySaverAsync();
        pupil.At("2026-03-08T09:00");
        await pupil.HoldsAsync(current: 0, savers: 0);

        await pupil.TellAsync("2026-03-06T12:00");

        await pupil.HoldsAsync(current: 6, savers: 0);
        Assert.Equal("active, covered, open", await pupil.ReasonsAsync("2026-03-06", "2026-03-07", "2026-03-08"));
    }

    [Fact]
    public async Task D9_a_late_event_grants_the_saver_that_holds_a_later_day()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        await pupil.LearnOnAsync(1, 2, 3, 4, 5, 6, 8);
        pupil.At("2026-03-10T09:00");
        await pupil.HoldsAsync(current: 0, savers: 0);

        await pupil.TellAsync("2026-03-07T20:00");

        await pupil.HoldsAsync(current: 8, savers: 0);
        Assert.Equal("active, active, covered, open", await pupil.ReasonsAsync("2026-03-07", "2026-03-08", "2026-03-09", "2026-03-10"));
    }

    [Fact]
    public async Task D10_a_grant_that_meets_the_cap_after_a_late_event_is_lost()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        await pupil.LearnOnAsync(1, 2, 3, 4, 5);
        await pupil.BuySaverAsync();
        await pupil.BuySaverAsync();
        await pupil.LearnOnAsync(7, 8);
        await pupil.HoldsAsync(current: 7, savers: 2);

        await pupil.TellAsync("2026-03-06T12:00");

        await pupil.HoldsAsync(current: 8, savers: 2);
    }
}
