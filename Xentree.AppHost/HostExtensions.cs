using Microsoft.Extensions.DependencyInjection;

namespace Xentree.AppHost;

/// <summary>What the hosts of the system have in common on the map.</summary>
internal static class HostExtensions
{
    private const string Endpoint = "http";

    /// <summary>Gives a host the servers and the key that encrypts what is encrypted at rest, and lets it wait for them.</summary>
    public static IResourceBuilder<ProjectResource> WithServers(
        this IResourceBuilder<ProjectResource> host, Servers servers, IResourceBuilder<ParameterResource> encryptionKey) => host
            .WithReference(servers.Database).WaitFor(servers.Database)
            .WithReference(servers.Cache).WaitFor(servers.Cache)
            .WithReference(servers.Blobs).WaitFor(servers.Blobs)
            .WithEnvironment("Encryption__Key", encryptionKey);

    /// <summary>Gives a host its address, and the probe that says when it may be used.</summary>
    public static IResourceBuilder<ProjectResource> WithHttp(this IResourceBuilder<ProjectResource> host, int port)
    {
        host.WithHttpEndpoint(port: port == 0 ? null : port, name: Endpoint).WithExternalHttpEndpoints();
        var address = host.GetEndpoint(Endpoint);
        var check = $"{host.Resource.Name}-healthy";
        host.ApplicationBuilder.Services.AddHealthChecks().Add(new(
            check,
            services => new PatientHealthCheck(async cancelled =>
            {
                using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient();
                using var answer = await client.GetAsync(new Uri(new Uri(address.Url), "/health"), cancelled);
                answer.EnsureSuccessStatusCode();
            }),
            failureStatus: null,
            tags: null));

        return host.WithHealthCheck(check);
    }
}
