using Azure.Core;

namespace Aspire.Azure.Storage.Blobs;

/// <summary>
/// Settings of a blob storage client: those of the official <c>Aspire.Azure.Storage.Blobs</c>, under the same names and in the same section
/// (<c>Aspire:Azure:Storage:Blobs</c>), so that the package can take this one's place.
/// </summary>
public sealed class AzureStorageBlobsSettings
{
    /// <summary>A storage connection string; it goes before <see cref="ServiceUri"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The address of the blob service, to be used with <see cref="Credential"/> or with a signature in the address.</summary>
    public Uri? ServiceUri { get; set; }

    /// <summary>Who asks, when <see cref="ServiceUri"/> carries no signature.</summary>
    public TokenCredential? Credential { get; set; }

    /// <summary>Whether the client adds no health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether the client makes no traces.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Reads a connection string as the official package does: an address, or a storage connection string.</summary>
    internal void Parse(string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString)) return;

        if (Uri.TryCreate(connectionString, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))
        {
            ServiceUri = uri;
        }
        else
        {
            ConnectionString = connectionString;
        }
    }
}
