namespace Xentree.Tests.Http;

public sealed class TimeTravelTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string March = "2026-03-01T12:00:00.000Z";
    private const string April = "2026-04-01T12:00:00.000Z";

    [Fact]
    public async Task Who_registers_with_the_header_lives_on_a_clock_of_their_own_for_good()
    {
        using var user = await api.SignInAsync(now: March);
        user.Now = null;

        var me = (await user.GetAsync("/api/auth/me")).ShouldBe(200);

        Assert.Equal(March, me["created_at"].GetString());
        Assert.Equal(March, me.Headers["X-Xentree-Now"]);
        var patched = (await user.PatchAsync("/api/auth/me", new { full_name = "Ana" })).ShouldBe(200);
        Assert.Equal(March, patched["updated_at"].GetString());
    }

    [Fact]
    public async Task The_clock_only_goes_forward()
    {
        using var user = await api.SignInAsync(now: March);
        user.Now = April;
        Assert.Equal(April, (await user.GetAsync("/api/auth/me")).Headers["X-Xentree-Now"]);

        user.Now = March;

        Assert.Equal(April, (await user.GetAsync("/api/auth/me")).Headers["X-Xentree-Now"]);
        Assert.Equal(April, (await user.PatchAsync("/api/auth/me", new { full_name = "Ana" }))["updated_at"].GetString());
    }

    [Theory]
    [InlineData("2026-03-01T13:00:00.000+01:00", March)]
    [InlineData("2026-03-01T12:00:00Z", March)]
    [InlineData("2026-03-01T12:00:00.000999Z", March)]
    [InlineData("2000-01-01T00:00:00Z", "2000-01-01T00:00:00.000Z")]
    [InlineData("2100-12-31T23:59:59.999Z", "2100-12-31T23:59:59.999Z")]
    public async Task Any_offset_will_do_to_the_millisecond(string now, string used)
    {
        using var user = await api.SignInAsync(now: now);

        Assert.Equal(used, (await user.GetAsync("/api/auth/me")).Headers["X-Xentree-Now"]);
    }

    [Theory]
    [InlineData("1999-12-31T23:59:59.999Z")]
    [InlineData("2101-01-01T00:00:00Z")]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-01T12:00:00")]
    [InlineData("2026-02-30T12:00:00Z")]
    [InlineData("yesterday")]
    [InlineData("1772366400000")]
    public async Task An_instant_that_is_none_or_out_of_bounds_is_refused(string now)
    {
        using var user = await api.SignInAsync(now: March);
        user.Now = now;

        (await user.GetAsync("/api/auth/me")).ShouldFail(400, "validation_failed");
        user.Now = null;
        Assert.Equal(March, (await user.GetAsync("/api/auth/me")).Headers["X-Xentree-Now"]);
    }

    [Fact]
    public async Task From_anybody_else_the_header_is_refused()
    {
        using var user = await api.SignInAsync();
        using var anonymous = api.Anonymous();

        (await user.GetAsync("/api/auth/me", ("X-Xentree-Now", March))).ShouldFail(400, "time_travel_disabled");
        (await anonymous.PostAsync("/api/auth/refresh", new { refresh_token = "x" }, ("X-Xentree-Now", March))).ShouldFail(400, "time_travel_disabled");
        (await anonymous.GetAsync("/api/auth/me", ("X-Xentree-Now", March))).ShouldFail(401, "not_authenticated");
        Assert.False((await user.GetAsync("/api/auth/me")).ShouldBe(200).Headers.ContainsKey("X-Xentree-Now"));
    }

    [Fact]
    public async Task One_users_clock_is_not_anothers()
    {
        using var ana = await api.SignInAsync(now: March);
        using var ben = await api.SignInAsync(now: March);
        ana.Now = April;
        await ana.GetAsync("/api/auth/me");
        ben.Now = null;

        Assert.Equal(March, (await ben.GetAsync("/api/auth/me")).Headers["X-Xentree-Now"]);
    }

    [Fact]
    public async Task Requests_at_once_leave_the_clock_at_the_latest_instant()
    {
        using var user = await api.SignInAsync(now: March);
        user.Now = null;

        var answers = await Task.WhenAll(Enumerable.Range(2, 20).Select(day => user.GetAsync("/api/auth/me", ("X-Xentree-Now", $"2026-03-{day:00}T00:00:00Z"))));

        Assert.All(answers, answer => answer.ShouldBe(200));
        Assert.Equal("2026-03-21T00:00:00.000Z", (await user.GetAsync("/api/auth/me")).Headers["X-Xentree-Now"]);
    }

    [Fact]
    public async Task Tokens_live_by_the_real_clock()
    {
        using var user = await api.SignInAsync(now: March);
        user.Now = "2099-01-01T00:00:00Z";

        (await user.GetAsync("/api/auth/me")).ShouldBe(200);
        (await user.GetAsync("/api/auth/sessions")).ShouldBe(200);
    }

    [Theory]
    [InlineData("Production", null, false)]
    [InlineData("Staging", null, false)]
    [InlineData("Staging", "true", true)]
    [InlineData("Development", "false", false)]
    public async Task Where_it_is_off_nobody_travels(string environment, string? setting, bool works)
    {
        using var sandbox = await api.SignInAsync(now: March);
        using var there = sandbox.On(await api.StartReplicaAsync(new() { ["environment"] = environment, ["Sandbox:TimeTravel"] = setting }));
        var name = ApiServer.UniqueName();
        var registration = await there.SendContentAsync(
            HttpMethod.Post, "/api/auth/register", System.Net.Http.Json.JsonContent.Create(new { username = name, email = $"{name}@example.org", password = ApiClient.Password }),
            anonymous: true, ("X-Xentree-Now", March));
        var travel = await there.GetAsync("/api/auth/me");

        if (works)
        {
            registration.ShouldBe(201);
            travel.ShouldBe(200);
            return;
        }

        registration.ShouldFail(400, "time_travel_disabled");
        travel.ShouldFail(400, "time_travel_disabled");
        // Where their clock stands, they stay.
        there.Now = null;
        Assert.Equal(March, (await there.GetAsync("/api/auth/me")).ShouldBe(200).Headers["X-Xentree-Now"]);
    }
}
