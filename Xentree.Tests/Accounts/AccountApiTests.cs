using System.Net;

namespace Xentree.Tests.Accounts;

public sealed class AccountApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_registered_user_logs_in_by_name_or_address_and_sees_their_profile()
    {
        using var user = await api.SignInAsync("Ana.Kovac", timezone: "Europe/Zagreb");
        await user.LogInAsync("ANA.KOVAC");
        await user.LogInAsync("ana.kovac@EXAMPLE.org");

        var me = (await user.GetAsync("/api/auth/me")).ShouldBe(200);

        Assert.Equal("Ana.Kovac", me["username"].GetString());
        Assert.Equal("Europe/Zagreb", me["timezone"].GetString());
        Assert.Equal("free", me["plan"].GetString());
        Assert.Equal("user", me["role"].GetString());
        Assert.Equal("public", me["profile_visibility"].GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", me["created_at"].GetString());
    }

    [Fact]
    public async Task The_configured_username_becomes_administrator()
    {
        using var root = await api.SignInAsync("Root");

        Assert.Equal("admin", (await root.GetAsync("/api/auth/me"))["role"].GetString());
    }

    [Fact]
    public async Task Names_and_addresses_are_unique_without_regard_to_case()
    {
        var name = ApiServer.UniqueName();
        using var user = await api.SignInAsync(name);

        (await api.Anonymous().PostAsync("/api/auth/register", new { username = name.ToUpperInvariant(), email = "x@example.org", password = ApiClient.Password }))
            .ShouldFail(409, "username_taken");
        (await api.Anonymous().PostAsync("/api/auth/register", new { username = ApiServer.UniqueName(), email = $"{name}@EXAMPLE.ORG", password = ApiClient.Password }))
            .ShouldFail(409, "email_taken");
    }

    [Theory]
    [InlineData("""{"username":"ab","email":"a@example.org","password":"three brown foxes"}""", "username")]
    [InlineData("""{"username":"a b c","email":"a@example.org","password":"three brown foxes"}""", "username")]
    [InlineData("""{"username":"someone","email":"nonsense","password":"three brown foxes"}""", "email")]
    [InlineData("""{"username":"someone","email":"a@example.org","password":"short"}""", "password")]
    [InlineData("""{"username":"someone","email":"a@example.org","password":"Password123"}""", "password")]
    [InlineData("""{"username":"someone","email":"a@example.org"}""", "password")]
    [InlineData("""{"username":"someone","email":"a@example.org","password":"three brown foxes","timezone":"+05:00"}""", "timezone")]
    [InlineData("""{"username":"someone","email":"a@example.org","password":"three brown foxes","timezone":""}""", "timezone")]
    [InlineData("""{"username":"someone","email":"a@example.org","password":"three brown foxes","full_name":5}""", "full_name")]
    [InlineData("""{"username":"someone","email":"a@example.org","password":"three brown foxes","full_name":"a\u0000b"}""", "full_name")]
    [InlineData("""{"username":"someone","email":"a@example.org","password":"three brown foxes","full_name":"a\ud800b"}""", "full_name")]
    public async Task A_bad_registration_names_the_field(string body, string field)
    {
        var answer = (await api.Anonymous().PostRawAsync("/api/auth/register", body)).ShouldFail(400, "validation_failed");

        Assert.Equal([field], answer["detail"].GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task A_body_that_is_no_object_is_malformed(string body) =>
        (await api.Anonymous().PostRawAsync("/api/auth/register", body)).ShouldFail(400, "malformed_body");

    [Fact]
    public async Task A_wrong_name_and_a_wrong_password_are_told_apart_by_nothing()
    {
        using var user = await api.SignInAsync();

        var password = (await api.Anonymous().LogInAnswerAsync(user.Username, "not the password")).ShouldFail(401, "invalid_credentials");
        var name = (await api.Anonymous().LogInAnswerAsync(ApiServer.UniqueName(), "not the password")).ShouldFail(401, "invalid_credentials");

        Assert.Equal(password["detail"].GetProperty("message").GetString(), name["detail"].GetProperty("message").GetString());
    }

    [Fact]
    public async Task Log_out_ends_the_access_token_on_every_replica_at_once()
    {
        using var user = await api.SignInAsync();
        var other = user.On(await api.StartReplicaAsync());
        (await user.GetAsync("/api/auth/me")).ShouldBe(200);
        (await other.GetAsync("/api/auth/me")).ShouldBe(200);

        (await user.PostAsync("/api/auth/logout")).ShouldBe(204);

        (await other.GetAsync("/api/auth/me")).ShouldFail(401, "invalid_token");
        (await user.GetAsync("/api/auth/me")).ShouldFail(401, "invalid_token");
        (await user.PostAsync("/api/auth/refresh", new { refresh_token = user.RefreshToken })).ShouldFail(401, "invalid_token");
    }

    [Fact]
    public async Task An_access_token_expires_after_15_minutes()
    {
        await using var own = await StartAsync();
        using var user = await own.SignInAsync();
        own.Clock.Advance(TimeSpan.FromMinutes(14.9));
        (await user.GetAsync("/api/auth/me")).ShouldBe(200);

        own.Clock.Advance(TimeSpan.FromMinutes(0.2));

        (await user.GetAsync("/api/auth/me")).ShouldFail(401, "token_expired");
    }

    [Fact]
    public async Task Both_credentials_at_once_are_ambiguous()
    {
        using var user = await api.SignInAsync();

        (await user.GetAsync("/api/auth/me", ("X-API-Key", "xntr-" + new string('a', 86)))).ShouldFail(400, "ambiguous_credentials");
    }

    [Fact]
    public async Task O3_a_refresh_token_used_again_at_once_gives_the_same_pair()
    {
        using var user = await api.SignInAsync();
        var first = user.RefreshToken;

        var second = (await user.PostAsync("/api/auth/refresh", new { refresh_token = first })).ShouldBe(200);
        var again = (await user.PostAsync("/api/auth/refresh", new { refresh_token = first })).ShouldBe(200);

        Assert.NotEqual(first, second["refresh_token"].GetString());
        Assert.Equal(second["refresh_token"].GetString(), again["refresh_token"].GetString());
        (await user.GetAsync("/api/auth/me")).ShouldBe(200);
    }

    [Fact]
    public async Task O3_reuse_after_the_successor_was_used_ends_the_session()
    {
        using var user = await api.SignInAsync();
        var first = user.RefreshToken;
        user.Use((await user.PostAsync("/api/auth/refresh", new { refresh_token = first })).ShouldBe(200));
        user.Use((await user.PostAsync("/api/auth/refresh", new { refresh_token = user.RefreshToken })).ShouldBe(200));

        (await user.PostAsync("/api/auth/refresh", new { refresh_token = first })).ShouldFail(401, "invalid_token");

        (await user.GetAsync("/api/auth/me")).ShouldFail(401, "invalid_token");
        (await user.PostAsync("/api/auth/refresh", new { refresh_token = user.RefreshToken })).ShouldFail(401, "invalid_token");
    }

    [Fact]
    public async Task O3_reuse_after_ten_seconds_ends_the_session()
    {
        await using var own = await StartAsync();
        using var user = await own.SignInAsync();
        var first = user.RefreshToken;
        user.Use((await user.PostAsync("/api/auth/refresh", new { refresh_token = first })).ShouldBe(200));
        own.Clock.Advance(TimeSpan.FromSeconds(11));

        (await user.PostAsync("/api/auth/refresh", new { refresh_token = first })).ShouldFail(401, "invalid_token");

        (await user.GetAsync("/api/auth/me")).ShouldFail(401, "invalid_token");
    }

    [Fact]
    public async Task O3_a_made_up_secret_ends_nothing()
    {
        using var user = await api.SignInAsync();
        var id = user.RefreshToken!.Split('.')[0];

        (await user.PostAsync("/api/auth/refresh", new { refresh_token = $"{id}.AAAA" })).ShouldFail(401, "invalid_token");

        (await user.PostAsync("/api/auth/refresh", new { refresh_token = user.RefreshToken })).ShouldBe(200);
    }

    [Fact]
    public async Task O3_twenty_refreshes_at_once_give_one_successor()
    {
        using var user = await api.SignInAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => user.PostAsync("/api/auth/refresh", new { refresh_token = user.RefreshToken })));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(answers.Select(answer => answer["refresh_token"].GetString()).Distinct());
    }

    [Fact]
    public async Task A_new_password_needs_the_old_one_and_ends_the_other_sessions()
    {
        using var user = await api.SignInAsync();
        using var other = api.Anonymous();
        await other.LogInAsync(user.Username);

        (await user.PatchAsync("/api/auth/me", new { password = "another good one" })).ShouldFail(400, "validation_failed");
        (await user.PatchAsync("/api/auth/me", new { password = "another good one", current_password = "wrong" })).ShouldFail(400, "validation_failed");
        (await user.PatchAsync("/api/auth/me", new { password = "another good one", current_password = ApiClient.Password })).ShouldBe(200);

        (await user.GetAsync("/api/auth/me")).ShouldBe(200);
        (await other.GetAsync("/api/auth/me")).ShouldFail(401, "invalid_token");
        await other.LogInAsync(user.Username, "another good one");
    }

    [Fact]
    public async Task Guesses_of_the_current_password_are_counted_like_log_ins()
    {
        using var user = await api.SignInAsync();
        var strict = user.On(await api.StartReplicaAsync(new() { ["RateLimits:LoginFailures"] = "3" }));
        for (var i = 0; i < 3; i++)
            (await strict.PatchAsync("/api/auth/me", new { password = "another good one", current_password = $"guess {i}" })).ShouldFail(400, "validation_failed");

        (await strict.PatchAsync("/api/auth/me", new { password = "another good one", current_password = ApiClient.Password })).ShouldFail(429, "rate_limited");
    }

    [Fact]
    public async Task A_long_user_agent_is_cut_between_characters()
    {
        using var user = await api.SignInAsync();
        var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = user.Username, ["password"] = ApiClient.Password });

        (await api.Anonymous().SendContentAsync(HttpMethod.Post, "/api/auth/login", form, headers: ("User-Agent", new string('a', 300)))).ShouldBe(200);

        Assert.Equal(new string('a', 200), (await user.GetAsync("/api/auth/sessions")).Json[0].GetProperty("user_agent").GetString());
    }

    [Fact]
    public async Task A_merge_patch_changes_what_it_names_and_nothing_else()
    {
        using var user = await api.SignInAsync(timezone: "Asia/Tokyo");
        await user.PatchAsync("/api/auth/me", new { full_name = "Someone", profile_visibility = "private" });

        var patched = (await user.PatchAsync("/api/auth/me", new { full_name = (string?)null, unknown_field = 1 })).ShouldBe(200);

        Assert.Equal(System.Text.Json.JsonValueKind.Null, patched["full_name"].ValueKind);
        Assert.Equal("private", patched["profile_visibility"].GetString());
        Assert.Equal("Asia/Tokyo", patched["timezone"].GetString());
        (await user.PatchAsync("/api/auth/me", new { profile_visibility = "friends" })).ShouldFail(400, "validation_failed");
        (await user.PatchAsync("/api/auth/me", new { email = (string?)null })).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task Sessions_are_listed_in_pages_and_ended_one_by_one()
    {
        using var user = await api.SignInAsync();
        for (var i = 0; i < 4; i++) await api.Anonymous().LogInAsync(user.Username);

        var first = (await user.GetAsync("/api/auth/sessions?limit=3")).ShouldBe(200);
        var next = first.Headers["Link"].Split('<', '>')[1];
        var second = (await user.GetAsync(next)).ShouldBe(200);

        Assert.Equal(3, first.Json.GetArrayLength());
        Assert.Equal(2, second.Json.GetArrayLength());
        Assert.False(second.Headers.ContainsKey("Link"));
        Assert.True(second.Json[1].GetProperty("current").GetBoolean());
        var id = first.Json[0].GetProperty("id").GetString();
        using var stranger = await api.SignInAsync();
        (await stranger.DeleteAsync($"/api/auth/sessions/{id}")).ShouldFail(404, "not_found");
        (await user.DeleteAsync($"/api/auth/sessions/{id}")).ShouldBe(204);
        (await user.DeleteAsync($"/api/auth/sessions/{id}")).ShouldFail(404, "not_found");
        (await user.DeleteAsync("/api/auth/sessions/not-an-id")).ShouldFail(404, "not_found");
        Assert.Equal(4, (await user.GetAsync("/api/auth/sessions")).Json.GetArrayLength());
    }

    private async Task<ApiServer> StartAsync()
    {
        var own = api.Another();
        await own.InitializeAsync();
        return own;
    }
}
