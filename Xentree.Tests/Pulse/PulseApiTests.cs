namespace Xentree.Tests.Pulse;

/// <summary>Rules P1 to P5 as a consumer of the API sees them.</summary>
public sealed class PulseApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("2026-03-01T12:00", "UTC", "2025-03-02", "2026-03-01")]
    [InlineData("2024-03-01T00:30", "Asia/Tokyo", "2023-03-03", "2024-03-01")]
    [InlineData("2025-03-01T23:30", "Pacific/Honolulu", "2024-03-02", "2025-03-01")]
    public async Task P1_a_new_user_gets_365_zeros_today_last(string now, string zone, string first, string last)
    {
        using var pupil = await Pupil.RegisterAsync(api, now, zone);

        var pulse = (await pupil.User.GetAsync("/api/xp/learning-pulse")).ShouldBe(200);

        var days = pulse["days"].EnumerateArray().ToList();
        Assert.Equal((365, first, last, first, last), (
            days.Count, pulse["start_date"].GetString(), pulse["end_date"].GetString(), days[0].GetProperty("date").GetString(), days[^1].GetProperty("date").GetString()));
        Assert.All(days, day => Assert.Equal(0, day.GetProperty("xp").GetInt64() + day.GetProperty("intensity").GetInt64() + day.GetProperty("learning_seconds").GetInt64()));
        Assert.Equal(days.Select(day => day.GetProperty("date").GetString()).Order(StringComparer.Ordinal), days.Select(day => day.GetProperty("date").GetString()));
    }

    [Fact]
    public async Task P1_a_date_that_the_zone_lacks_is_an_entry_of_zeros()
    {
        using var pupil = await Pupil.RegisterAsync(api, "2011-12-28T12:00", "Pacific/Apia");
        await pupil.LearnAsync("2011-12-29T12:00");
        await pupil.LearnAsync("2011-12-31T12:00");

        await pupil.HoldsAsync(current: 2, savers: 0);
        Assert.Equal(0, (await pupil.DayAsync("2011-12-30")).GetProperty("xp").GetInt64());
        Assert.Equal("active, bridged, active", await pupil.ReasonsAsync("2011-12-29", "2011-12-30", "2011-12-31"));
    }

    [Fact]
    public async Task P2_intensity_is_the_rank_among_active_days()
    {
        using var pupil = await Pupil.RegisterAsync(api);
        await pupil.LearnAsync("2026-03-01T12:00");
        Assert.Equal(4, (await pupil.DayAsync()).GetProperty("intensity").GetInt32());

        for (var day = 2; day <= 4; day++) await pupil.LearnAsync($"2026-03-0{day}T12:00", minutes: day);

        var days = (await pupil.User.GetAsync("/api/xp/learning-pulse"))["days"].EnumerateArray().ToList();
        Assert.Equal([0, 1, 2, 3, 4], days.Skip(365 - 5).Select(day => day.GetProperty("intensity").GetInt32()));
    }

    [Fact]
    public async Task P5_what_spans_midnight_is_split_and_the_sums_agree()
    {
        using var pupil = await Pupil.RegisterAsync(api, zone: "Europe/Zagreb");
        await pupil.LearnAsync("2026-03-01T23:55:30", minutes: 10);

        var time = (await pupil.User.GetAsync("/api/analytics/learning-time?start_date=2026-03-01&end_date=2026-03-02")).ShouldBe(200);

        var days = time["by_day"].EnumerateArray().Select(day => day.GetProperty("seconds").GetInt64()).ToList();
        Assert.Equal([270, 330], days);
        Assert.Equal((600, 600, 1), (time["total_seconds"].GetInt64(), time["by_source"].EnumerateObject().Sum(source => source.Value.GetInt64()), time["session_count"].GetInt32()));
    }

    [Fact]
    public async Task P5_an_hour_across_a_change_of_clocks_is_3600_seconds()
    {
        using var pupil = await Pupil.RegisterAsync(api, "2026-03-28T12:00", "Europe/Zagreb");

        await pupil.LearnAsync("2026-03-29T01:30", minutes: 60);

        var time = (await pupil.User.GetAsync("/api/analytics/learning-time")).ShouldBe(200);
        Assert.Equal(3_600, time["total_seconds"].GetInt64());
        Assert.Equal("2026-03-29T01:30:00.000Z", (await pupil.User.GetAsync("/api/auth/me")).Headers["X-Xentree-Now"]);
    }
}
