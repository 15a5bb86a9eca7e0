using Azure.Storage.Blobs;

namespace Xentree.AppHost.Embedded;

/// <summary>Azure's blob protocol, spoken by azurite.</summary>
/// <param name="packages">What was fetched.</param>
/// <param name="folder">Where the blobs are kept.</param>
public sealed class EmbeddedBlobs(EmbeddedPackages packages, string folder) : IEmbeddedServer
{
    /// <summary>The account that every emulator of this protocol has; its key is published and protects nothing.</summary>
    internal const string Account =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;" +
        "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;";

    private static readonly BlobClientOptions Impatient = new() { Retry = { MaxRetries = 0 } };

    /// <inheritdoc/>
    public string ReadyLine => "successfully listens on";

    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ServerCommand Command(int port) => new(
        packages.Node,
        [
            packages.Azurite,
            "--blobHost", "127.0.0.1",
            "--blobPort", $"{port}",
            "--location", folder,
            "--silent",
            "--disableTelemetry",
            "--skipApiVersionCheck",
        ],
        folder);

    /// <inheritdoc/>
    public string ConnectionString(int port) => $"{Account}BlobEndpoint=http://127.0.0.1:{port}/devstoreaccount1;";

    /// <inheritdoc/>
    public async Task PingAsync(int port, CancellationToken cancellationToken) =>
        await new BlobServiceClient(ConnectionString(port), Impatient).GetPropertiesAsync(cancellationToken);
}
