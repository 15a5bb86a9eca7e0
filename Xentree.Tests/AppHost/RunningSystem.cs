using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Xentree.ServiceDefaults;

[assembly: AssemblyFixture(typeof(Xentree.Tests.AppHost.RunningSystem))]

namespace Xentree.Tests.AppHost;

/// <summary>
/// The whole system, started once a test run when a test first asks for it, on free ports and with data of its own: it runs beside a developer's.
/// </summary>
public sealed class RunningSystem : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TestFolder _folder = TestFolder.Create();
    private readonly Lazy<Task<DistributedApplication>> _application;

    public RunningSystem()
    {
        Data = _folder.Next("system");
        _application = new(StartAsync);
    }

    /// <summary>Where its servers keep their data.</summary>
    public string Data { get; }

    /// <summary>The started application: its resources, logs and commands.</summary>
    public Task<DistributedApplication> ApplicationAsync() => _application.Value;

    /// <summary>A client of one of the hosts, <see cref="ResourceNames.Api"/> or <see cref="ResourceNames.Worker"/>.</summary>
    public async Task<HttpClient> ClientAsync(string host = ResourceNames.Api) => (await _application.Value).CreateHttpClient(host, "http");

    public async ValueTask DisposeAsync()
    {
        if (_application.IsValueCreated && _application.Value.IsCompletedSuccessfully) await (await _application.Value).DisposeAsync();
        await _folder.DisposeAsync();
    }

    private async Task<DistributedApplication> StartAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Xentree_AppHost>(
            [
                "--Data", Data,
                "--Servers", "embedded",
                // Whatever holds of the started system holds of two replicas of the API.
                "--Replicas", "2",
                "--Ports:Api", "0",
                "--Ports:Worker", "0",
                "--Ports:Dashboard", "0",
            ],
            (options, host) =>
            {
                options.EnableResourceLogging = false;
                host.EnvironmentName = "Development";
            },
            patience.Token);
        var application = await builder.BuildAsync(patience.Token);
        await application.StartAsync(patience.Token);
        foreach (var host in (string[])[ResourceNames.Api, ResourceNames.Worker])
        {
            await application.ResourceNotifications.WaitForResourceHealthyAsync(host, patience.Token);
        }

        return application;
    }
}
