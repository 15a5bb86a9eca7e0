using System.Net;
using System.Net.Sockets;

namespace Xentree.AppHost.Embedded;

/// <summary>The Redis protocol, spoken by Garnet in a process of its own, so that it can be stopped and killed like a server.</summary>
/// <param name="folder">Where it may put files; what it holds is lost at its end, as with any cache.</param>
public sealed class EmbeddedCache(string folder) : IEmbeddedServer
{
    /// <inheritdoc/>
    public string ReadyLine => GarnetHost.ReadyLine;

    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ServerCommand Command(int port) => new(
        Executables.Dotnet,
        [
            "exec", typeof(EmbeddedCache).Assembly.Location, GarnetHost.Verb,
            "--bind", "127.0.0.1",
            "--port", $"{port}",
            "--checkpointdir", folder,
            "--lua",
            "--lua-transaction-mode",
            "--memory", "128m",
            "--index", "16m",
        ],
        folder);

    /// <inheritdoc/>
    public string ConnectionString(int port) => $"127.0.0.1:{port}";

    /// <inheritdoc/>
    public async Task PingAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
        var answer = new byte[7];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        if (!answer.AsSpan().SequenceEqual("+PONG\r\n"u8)) throw new InvalidDataException("The answer to PING is no PONG.");
    }
}
