using Microsoft.Extensions.Options;

namespace Xentree.Tests.Http;

/// <summary>What the API does not start with, and the one sentence that it says then.</summary>
public sealed class StartUpTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("Production", "")]
    [InlineData("Production", "too short")]
    [InlineData("Development", "")]
    public async Task Without_an_encryption_key_it_does_not_start(string environment, string key)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => api.StartReplicaAsync(new() { ["environment"] = environment, ["Encryption:Key"] = key }));

        var sentence = Assert.Single(refused.Failures);
        Assert.StartsWith("Encryption:Key is missing", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_does_not_start_with_time_travel()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => api.StartReplicaAsync(new() { ["environment"] = "Production", ["Sandbox:TimeTravel"] = "true" }));

        Assert.Equal("Sandbox:TimeTravel must not be on in Production.", Assert.Single(refused.Failures));
    }

    [Fact]
    public async Task A_proxy_that_is_no_address_is_named()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => api.StartReplicaAsync(new() { ["ForwardedHeaders:KnownProxies:0"] = "the proxy" }));

        Assert.Contains("the proxy", refused.Message, StringComparison.Ordinal);
    }
}
