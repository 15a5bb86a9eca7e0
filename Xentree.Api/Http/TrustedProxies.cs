using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace Xentree.Api.Http;

/// <summary>Forwarded headers are believed from the proxies of <c>ForwardedHeaders:KnownProxies</c> (addresses and CIDR ranges) and from nobody else.</summary>
internal static class TrustedProxies
{
    private const string Setting = "ForwardedHeaders:KnownProxies";

    public static void AddTrustedProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var proxies = configuration.GetSection(Setting).Get<string[]>() ?? [];
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = proxies.Length == 0
                ? ForwardedHeaders.None
                : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            options.ForwardLimit = null;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var proxy in proxies)
            {
                if (IPAddress.TryParse(proxy, out var address)) options.KnownProxies.Add(address);
                else if (System.Net.IPNetwork.TryParse(proxy, out var network)) options.KnownIPNetworks.Add(network);
                else throw new InvalidOperationException($"{Setting}: {proxy} is neither an address nor a CIDR range.");
            }
        });
    }
}
