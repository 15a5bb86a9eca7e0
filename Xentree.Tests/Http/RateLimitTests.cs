using System.Globalization;
using System.Net;

namespace Xentree.Tests.Http;

public sealed class RateLimitTests(RateLimitTests.StrictApi api) : IClassFixture<RateLimitTests.StrictApi>
{
    private const int PerAddress = 8;
    private const int PerCaller = 10;

    private static int LastAddress = Random.Shared.Next(1, 1 << 22);

    [Fact]
    public async Task The_headers_count_down_and_the_429_says_when_to_come_back()
    {
        using var client = api.Anonymous();
        var from = Address();
        for (var left = PerAddress - 1; left >= 0; left--)
        {
            var answer = (await client.GetAsync("/health", from)).ShouldBe(200);
            Assert.StartsWith($"\"anonymous\";r={left};t=", answer.Headers["RateLimit"], StringComparison.Ordinal);
            Assert.Equal($"\"anonymous\";q={PerAddress};w=60", answer.Headers["RateLimit-Policy"]);
        }

        foreach (var path in (string[])["/health", "/nowhere", "/api/auth/me", "/openapi/v1.json"])
        {
            var refused = (await client.GetAsync(path, from)).ShouldFail(429, "rate_limited");
            Assert.InRange(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 60);
            Assert.StartsWith("\"anonymous\";r=0;t=", refused.Headers["RateLimit"], StringComparison.Ordinal);
        }

        (await client.GetAsync("/health", Address())).ShouldBe(200);
    }

    [Fact]
    public async Task All_replicas_share_one_count()
    {
        using var first = api.Anonymous();
        using var second = api.Anonymous(await api.StartReplicaAsync());
        var from = Address();
        for (var i = 0; i < PerAddress; i++) (await (i % 2 == 0 ? first : second).GetAsync("/health", from)).ShouldBe(200);

        (await first.GetAsync("/health", from)).ShouldFail(429, "rate_limited");
        (await second.GetAsync("/health", from)).ShouldFail(429, "rate_limited");
    }

    [Fact]
    public async Task Requests_at_once_do_not_slip_through()
    {
        using var client = api.Anonymous();
        var from = Address();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => client.GetAsync("/alive", from)));

        Assert.Equal(PerAddress, answers.Count(answer => answer.Status == HttpStatusCode.OK));
    }

    [Fact]
    public async Task A_user_has_a_count_of_their_own_wherever_they_are()
    {
        using var user = await SignInAsync();
        for (var i = 0; i < PerCaller; i++) (await user.GetAsync("/api/auth/me", Address())).ShouldBe(200);

        var refused = (await user.GetAsync("/api/auth/me", Address())).ShouldFail(429, "rate_limited");

        Assert.StartsWith("\"user\";r=0", refused.Headers["RateLimit"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_nobody_has_count_for_the_address()
    {
        using var client = api.Anonymous();
        var from = Address();
        for (var i = 0; i < PerAddress; i++) (await client.WithKey(Key(i)).GetAsync("/api/auth/me", from)).ShouldFail(401, "invalid_token");

        (await client.WithKey(Key(99)).GetAsync("/api/auth/me", from)).ShouldFail(429, "rate_limited");

        static string Key(int i) => "xntr-" + i.ToString(CultureInfo.InvariantCulture).PadLeft(86, 'a');
    }

    [Fact]
    public async Task Both_credentials_at_once_are_counted_too()
    {
        using var client = api.Anonymous();
        var from = Address();
        for (var i = 0; i < PerAddress; i++)
            (await client.GetAsync("/api/auth/me", from, ("Authorization", "Bearer x"), ("X-API-Key", "y"))).ShouldFail(400, "ambiguous_credentials");

        (await client.GetAsync("/api/auth/me", from, ("Authorization", "Bearer x"), ("X-API-Key", "y"))).ShouldFail(429, "rate_limited");
    }

    [Fact]
    public async Task IPv6_counts_for_the_64()
    {
        using var client = api.Anonymous();
        var net = Random.Shared.Next(1, 0xffff).ToString("x", CultureInfo.InvariantCulture);
        var subnet = Random.Shared.Next(1, 0xfffe);
        for (var i = 0; i < PerAddress; i++) (await client.GetAsync("/alive", From($"2001:db8:{net}:{subnet:x}::{i + 1:x}"))).ShouldBe(200);

        (await client.GetAsync("/alive", From($"2001:db8:{net}:{subnet:x}:ffff::1"))).ShouldFail(429, "rate_limited");
        (await client.GetAsync("/alive", From($"2001:db8:{net}:{subnet + 1:x}::1"))).ShouldBe(200);
    }

    [Fact]
    public async Task A_forwarded_address_is_believed_from_a_known_proxy_only()
    {
        // This replica knows another proxy than the one that calls.
        using var client = api.Anonymous(await api.StartReplicaAsync(new() { ["ForwardedHeaders:KnownProxies:0"] = "192.0.2.1", ["RateLimits:Anonymous"] = "1000000" }));

        var first = Left(await client.GetAsync("/alive", Address()));
        var second = Left(await client.GetAsync("/alive", Address()));

        // One count for both: that of the connection's own address, which other tests use too.
        Assert.True(second < first);

        static int Left(Answer answer) => int.Parse(answer.ShouldBe(200).Headers["RateLimit"].Split(["r=", ";t"], StringSplitOptions.None)[1], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_client_cannot_make_up_an_address_in_front_of_the_proxys()
    {
        using var client = api.Anonymous();
        var own = Address().Value;
        for (var i = 0; i < PerAddress; i++) (await client.GetAsync("/alive", ("X-Forwarded-For", $"{Address().Value}, {own}"))).ShouldBe(200);

        (await client.GetAsync("/alive", ("X-Forwarded-For", $"{Address().Value}, {own}"))).ShouldFail(429, "rate_limited");
    }

    [Fact]
    public async Task Failed_log_ins_are_counted_by_account_and_address()
    {
        using var user = await SignInAsync();
        using var client = api.Anonymous();
        var attacker = Address();
        for (var i = 0; i < 3; i++) (await LogInAsync(client, user.Username, "wrong", attacker)).ShouldFail(401, "invalid_credentials");

        var refused = (await LogInAsync(client, user.Username, ApiClient.Password, attacker)).ShouldFail(429, "rate_limited");

        Assert.True(refused.Headers.ContainsKey("Retry-After"));
        (await LogInAsync(client, user.Username, ApiClient.Password, Address())).ShouldBe(200);
    }

    [Fact]
    public async Task The_name_and_the_address_of_an_account_share_one_count()
    {
        using var user = await SignInAsync();
        using var client = api.Anonymous();
        var attacker = Address();
        (await LogInAsync(client, user.Username, "wrong", attacker)).ShouldFail(401, "invalid_credentials");
        (await LogInAsync(client, user.Username.ToUpperInvariant(), "wrong", attacker)).ShouldFail(401, "invalid_credentials");
        (await LogInAsync(client, $"{user.Username}@example.org", "wrong", attacker)).ShouldFail(401, "invalid_credentials");

        (await LogInAsync(client, user.Username, "wrong", attacker)).ShouldFail(429, "rate_limited");
    }

    [Fact]
    public async Task Right_log_ins_are_not_counted_as_failures()
    {
        using var user = await SignInAsync();
        using var client = api.Anonymous();
        var from = Address();
        (await LogInAsync(client, user.Username, "wrong", from)).ShouldFail(401, "invalid_credentials");

        for (var i = 0; i < 4; i++) (await LogInAsync(client, user.Username, ApiClient.Password, from)).ShouldBe(200);
    }

    [Fact]
    public async Task Tries_to_log_in_are_counted_by_address_whoever_is_tried()
    {
        using var client = api.Anonymous();
        var from = Address();
        for (var i = 0; i < 6; i++) (await LogInAsync(client, ApiServer.UniqueName(), "wrong", from)).ShouldFail(401, "invalid_credentials");

        var refused = (await LogInAsync(client, ApiServer.UniqueName(), "wrong", from)).ShouldFail(429, "rate_limited");

        Assert.Contains("\"login\";r=0", refused.Headers["RateLimit"], StringComparison.Ordinal);
        Assert.Contains("\"login\";q=6;w=60", refused.Headers["RateLimit-Policy"], StringComparison.Ordinal);
    }

    private async Task<ApiClient> SignInAsync()
    {
        var user = api.Anonymous();
        var name = ApiServer.UniqueName();
        await user.SendAsync(HttpMethod.Post, "/api/auth/register", new { username = name, email = $"{name}@example.org", password = ApiClient.Password }, Address());
        user.Use((await LogInAsync(user, name, ApiClient.Password, Address())).ShouldBe(200));
        return user.Named(name);
    }

    private static Task<Answer> LogInAsync(ApiClient client, string username, string password, (string, string) from) => client.SendContentAsync(
        HttpMethod.Post, "/api/auth/login",
        new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = username, ["password"] = password }), anonymous: true, from);

    /// <summary>An address that no other test uses.</summary>
    private static (string Name, string Value) Address()
    {
        var next = Interlocked.Increment(ref LastAddress);
        return From($"10.{(next >> 16) & 0xff}.{(next >> 8) & 0xff}.{next & 0xff}");
    }

    private static (string Name, string Value) From(string address) => ("X-Forwarded-For", address);

    public sealed class StrictApi(EmbeddedServers servers) : ApiServer(servers)
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["RateLimits:Anonymous"] = $"{PerAddress}",
            ["RateLimits:Caller"] = $"{PerCaller}",
            ["RateLimits:LoginFailures"] = "3",
            ["RateLimits:LoginTries"] = "6",
            ["ForwardedHeaders:KnownProxies:0"] = "127.0.0.1",
        };
    }
}
