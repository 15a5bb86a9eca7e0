using Aspire.Azure.Storage.Blobs;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// Blob storage as an Aspire client integration, with the names of the official <c>Aspire.Azure.Storage.Blobs</c>: referencing that package and
/// removing this folder is the whole change.
/// </summary>
public static class AspireBlobStorageExtensions
{
    private const string Section = "Aspire:Azure:Storage:Blobs";

    /// <summary>Registers a singleton <see cref="BlobServiceClient"/> with its health check and traces.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="connectionName">The name of the connection string, and of the settings section below the common one.</param>
    /// <param name="configureSettings">Changes the settings that configuration gave.</param>
    /// <param name="configureOptions">Changes the client's options, retries and transport among them.</param>
    public static void AddAzureBlobServiceClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<AzureStorageBlobsSettings>? configureSettings = null,
        Action<BlobClientOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var settings = Read(builder.Configuration, connectionName);
        configureSettings?.Invoke(settings);

        builder.Services.AddSingleton(_ => CreateClient(settings, connectionName, configureOptions));

        if (settings.DisableHealthChecks) return;

        builder.Services.AddHealthChecks().Add(new(
            connectionName,
            services => new BlobsHealthCheck(services.GetRequiredService<BlobServiceClient>()),
            HealthStatus.Unhealthy,
            tags: null,
            timeout: TimeSpan.FromSeconds(3)));
    }

    private static AzureStorageBlobsSettings Read(IConfiguration configuration, string connectionName)
    {
        var settings = new AzureStorageBlobsSettings();
        var section = configuration.GetSection(Section);
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        settings.Parse(configuration.GetConnectionString(connectionName));
        return settings;
    }

    private static BlobServiceClient CreateClient(AzureStorageBlobsSettings settings, string connectionName, Action<BlobClientOptions>? configureOptions)
    {
        var options = new BlobClientOptions();
        options.Diagnostics.IsDistributedTracingEnabled = !settings.DisableTracing;
        configureOptions?.Invoke(options);

        return settings switch
        {
            { ConnectionString: { Length: > 0 } connectionString } => new(connectionString, options),
            { ServiceUri: { } uri, Credential: { } credential } => new(uri, credential, options),
            { ServiceUri: { } uri } => new(uri, options),
            _ => throw new InvalidOperationException(
                $"Blob storage is not configured: give ConnectionStrings:{connectionName}, or ConnectionString or ServiceUri in {Section}."),
        };
    }
}
