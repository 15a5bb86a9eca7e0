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
}
