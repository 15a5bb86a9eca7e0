using Microsoft.Extensions.Configuration;

namespace Xentree.AppHost;

/// <summary>What may be set from outside, by environment variable (<c>Ports__Api=5090</c>) or argument (<c>--Ports:Api=5090</c>).</summary>
internal sealed class Settings
{
    /// <summary>Which servers to run where no connection string is given: <c>containers</c>, <c>embedded</c>, or nothing to let us choose.</summary>
    public string? Servers { get; init; }

    /// <summary>Where the servers keep this run's data, if not where the clone's is.</summary>
    public string? Data { get; init; }

    /// <summary>
    /// With containers: the image of Azurite, registry included. It is not on the registry that engines ask by themselves, so without
    /// this setting blob storage stays a local process.
    /// </summary>
    public string? AzuriteImage { get; init; }

    /// <summary>How many processes serve the API.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The fixed ports.</summary>
    public FixedPorts Ports { get; init; } = new();

    public static Settings Read(IConfiguration configuration) => configuration.Get<Settings>() ?? new();

    /// <summary>Loopback ports; 0 asks for any free one.</summary>
    internal sealed class FixedPorts
    {
        public int Api { get; init; } = 5080;

        public int Worker { get; init; } = 5081;

        public int Dashboard { get; init; } = 15080;
    }
}
