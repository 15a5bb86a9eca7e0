using System.Net;
using System.Net.Sockets;

namespace Xentree.Tests.AppHost;

/// <summary>Starts that go wrong, and ends that come without a warning.</summary>
public sealed class AppHostProcessTests : IAsyncDisposable
{
    private readonly TestFolder _folder = TestFolder.Create();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("speed", "slow")]
    public async Task After_a_kill_9_the_next_start_finds_its_ports_and_its_data()
    {
        var (data, ports) = (_folder.Next("killed"), AppHostProcess.Ports.Free());
        await using (var first = AppHostProcess.Start(data, ports))
        {
            await first.ReadyAsync(Cancelled);
            await first.KillAsync(Cancelled);
        }

        var password = await File.ReadAllTextAsync(Path.Combine(data, "postgres", "password"), Cancelled);

        await using var second = AppHostProcess.Start(data, ports);
        await second.ReadyAsync(Cancelled);

        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri($"http://localhost:{ports.Api}/health"), Cancelled)).StatusCode);
        Assert.Equal(password, await File.ReadAllTextAsync(Path.Combine(data, "postgres", "password"), Cancelled));
    }

    [Fact]
    [Trait("speed", "slow")]
    public async Task A_taken_port_is_named_with_the_remedy()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        await using var host = AppHostProcess.Start(_folder.Next("taken"), AppHostProcess.Ports.Free() with { Api = taken });

        Assert.Equal(1, await host.ExitAsync(Cancelled));
        Assert.Contains($"Port {taken}, on which the API listens, is taken by another program. Stop that program", host.Output, StringComparison.Ordinal);
        Assert.Contains("Ports__Api=", host.Output, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();
}
