using System.Globalization;

namespace Xentree.Tests.Mcp;

public sealed class McpLimitTests(McpLimitTests.StrictApi api) : IClassFixture<McpLimitTests.StrictApi>
{
    private const int PerCaller = 12;

    [Fact]
    public async Task Messages_count_as_requests_of_the_caller_on_every_replica()
    {
        using var owner = await api.SignInAsync();
        using var key = await owner.CreateKeyAsync(await owner.CreateOrganizationAsync(), "conversations:read");
        using var other = key.On(await api.StartReplicaAsync());
        // The first request of a key counts for its address, because nobody knows the key yet.
        (await key.GetAsync("/api/xp/profile")).ShouldBe(200);
        for (var i = 0; i < PerCaller; i++) (await CallAsync(i % 2 == 0 ? key : other)).ShouldBe(200);

        foreach (var client in (ApiClient[])[key, other])
        {
            var refused = (await CallAsync(client)).ShouldFail(429, "rate_limited");
            Assert.InRange(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 60);
            Assert.StartsWith("\"key\";r=0;t=", refused.Headers["RateLimit"], StringComparison.Ordinal);
        }

        // One count with the operations of HTTP, and each caller has one of their own.
        (await key.GetAsync("/api/xp/profile")).ShouldFail(429, "rate_limited");
        Assert.StartsWith("\"user\";r=", (await CallAsync(owner)).ShouldBe(200).Headers["RateLimit"], StringComparison.Ordinal);
    }

    private static Task<Answer> CallAsync(ApiClient client) => client.PostRawAsync(
        "/mcp", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"xp_profile","arguments":{}}}""", headers: ("Accept", "application/json, text/event-stream"));

    public sealed class StrictApi(EmbeddedServers servers) : ApiServer(servers)
    {
        protected override Dictionary<string, string?> Settings => new() { ["RateLimits:Caller"] = $"{PerCaller}" };
    }
}
