using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Xentree.AppHost.Embedded;

/// <summary>Adds embedded servers to the map of the system.</summary>
internal static class EmbeddedServerExtensions
{
    /// <summary>Adds a server whose data is ready.</summary>
    public static IResourceBuilder<EmbeddedServerResource> AddEmbeddedServer(
        this IDistributedApplicationBuilder builder, string name, IEmbeddedServer server)
    {
        var port = FreePort();
        var command = server.Command(port).Supervised(Environment.ProcessId);
        var resource = new EmbeddedServerResource(name, server, port, command);
        var check = $"{name}-answers";
        builder.Services.AddHealthChecks().AddCheck(check, new PatientHealthCheck(cancelled => server.PingAsync(port, cancelled)));

        return builder.AddResource(resource)
            .WithArgs([.. command.Arguments])
            .WithHealthCheck(check)
            .WithEndpoint(port: port, targetPort: port, scheme: "tcp", name: "tcp", isProxied: false);
    }

    /// <summary>Adds a database, created when its server is ready.</summary>
    public static IResourceBuilder<EmbeddedDatabaseResource> AddDatabase(this IResourceBuilder<EmbeddedServerResource> postgres, string name)
    {
        var database = new EmbeddedDatabaseResource(name, postgres.Resource);
        postgres.OnResourceReady(async (server, ready, cancelled) =>
        {
            await ((EmbeddedPostgres)server.Server).CreateDatabaseAsync(server.Port, name, cancelled);

            // The orchestrator starts no process for a database: that it runs is for us to say.
            await postgres.ApplicationBuilder.Eventing.PublishAsync(new ConnectionStringAvailableEvent(database, ready.Services), cancelled);
            await ready.Services.GetRequiredService<ResourceNotificationService>()
                .PublishUpdateAsync(database, snapshot => snapshot with { State = KnownResourceStates.Running });
        });

        return postgres.ApplicationBuilder.AddResource(database)
            .WithInitialState(new() { ResourceType = "Database", Properties = [], State = KnownResourceStates.Waiting });
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
