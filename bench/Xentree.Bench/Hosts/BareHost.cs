using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Xentree.Bench.Hosts;

/// <summary>Kestrel with routing and nothing else: what a baseline runs on.</summary>
internal sealed class BareHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BareHost(WebApplication app) => _app = app;

    public Uri Address => _app.Address;

    public static async Task<BareHost> StartAsync(Action<WebApplication> map, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        map(app);
        await app.StartAsync(cancellation);
        return new(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

internal static class Addresses
{
    extension(WebApplication app)
    {
        /// <summary>Where it listens.</summary>
        public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }
}
