namespace Xentree.AppHost.Embedded;

/// <summary>The grammar checker Harper and the dictionary WordNet, behind a small HTTP server of our own (<c>Language/server.mjs</c>).</summary>
/// <param name="packages">What was fetched.</param>
/// <param name="folder">Where its watcher keeps the process's number; the server itself keeps nothing.</param>
public sealed class EmbeddedLanguage(EmbeddedPackages packages, string folder) : IEmbeddedServer
{
    private static readonly HttpClient Client = new();

    /// <inheritdoc/>
    public string ReadyLine => "language: ready";

    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        StateFolder.CreateOpen(folder);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ServerCommand Command(int port) =>
        new(packages.Node, [Path.Combine(Executables.Folder, "language", "server.mjs"), $"{port}", packages.Modules], folder);

    /// <inheritdoc/>
    public string ConnectionString(int port) => $"http://127.0.0.1:{port}";

    /// <inheritdoc/>
    public async Task PingAsync(int port, CancellationToken cancellationToken)
    {
        using var answer = await Client.GetAsync(new Uri($"{ConnectionString(port)}/health"), cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
