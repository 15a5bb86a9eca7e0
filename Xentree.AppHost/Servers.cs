using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Xentree.AppHost.Embedded;
using Xentree.ServiceDefaults;

namespace Xentree.AppHost;

/// <summary>The database, the cache and the blobs, wherever they come from.</summary>
/// <param name="Database">PostgreSQL.</param>
/// <param name="Cache">Redis.</param>
/// <param name="Blobs">Blob storage.</param>
/// <param name="Ours">Whether all three are this clone's own, so that a developer may throw their data away.</param>
internal sealed record Servers(
    IResourceBuilder<IResourceWithConnectionString> Database,
    IResourceBuilder<IResourceWithConnectionString> Cache,
    IResourceBuilder<IResourceWithConnectionString> Blobs,
    bool Ours)
{
    /// <summary>Chooses for each server: the one that is given; else a container; else a local process.</summary>
    public static async Task<Servers> AddAsync(IDistributedApplicationBuilder builder, Settings settings, string instance, StateFolder state)
    {
        string[] names = [ResourceNames.Database, ResourceNames.Cache, ResourceNames.Blobs];
        var given = names.Where(name => builder.ExecutionContext.IsPublishMode || builder.Configuration.GetConnectionString(name) is { Length: > 0 }).ToArray();
        var wanted = names.Except(given).ToArray();

        var (containers, why) = wanted.Length == 0 ? (false, "") : await ChooseAsync(settings);
        Say(given, "external", "connection strings are given");
        Say(wanted, containers ? "containers" : "embedded", why);

        if (containers)
        {
            return new(
                Given(ResourceNames.Database) ?? Containers.AddPostgres(builder),
                Given(ResourceNames.Cache) ?? Containers.AddRedis(builder),
                Given(ResourceNames.Blobs) ?? (settings.AzuriteImage is { Length: > 0 } image ? Containers.AddBlobs(builder, image) : await EmbedBlobsAsync()),
                given.Length == 0);
        }

        var packages = wanted.Except([ResourceNames.Cache]).Any()
            ? await EmbeddedPackages.EnsureAsync(state, Console.WriteLine, CancellationToken.None)
            : null;
        var database = Given(ResourceNames.Database) ??
            (await EmbedAsync(ResourceNames.Postgres, folder => new EmbeddedPostgres(packages!, folder, durable: true))).AddDatabase(ResourceNames.Database);
        var cache = Given(ResourceNames.Cache) ?? await EmbedAsync(ResourceNames.Cache, folder => new EmbeddedCache(folder));
        var blobs = Given(ResourceNames.Blobs) ?? await EmbedBlobsAsync();
        return new(database, cache, blobs, given.Length == 0);

        IResourceBuilder<IResourceWithConnectionString>? Given(string name) => given.Contains(name) ? builder.AddConnectionString(name) : null;

        async Task<IResourceBuilder<IResourceWithConnectionString>> EmbedBlobsAsync()
        {
            var own = await EmbeddedPackages.EnsureAsync(state, Console.WriteLine, CancellationToken.None);
            return await EmbedAsync(ResourceNames.Blobs, folder => new EmbeddedBlobs(own, folder));
        }

        async Task<IResourceBuilder<EmbeddedServerResource>> EmbedAsync(string name, Func<string, IEmbeddedServer> create)
        {
            var server = create(Path.Combine(instance, name));
            await server.PrepareAsync(CancellationToken.None);
            return builder.AddEmbeddedServer(name, server);
        }
    }

    private static async Task<(bool Containers, string Why)> ChooseAsync(Settings settings) => settings.Servers switch
    {
        "containers" => (true, "asked for by Servers"),
        "embedded" => (false, "asked for by Servers"),
        null or "" => await EngineAsync() is { } engine ? (true, $"{engine} answers") : (false, "no container engine answers"),
        var other => throw new SetupException($"Servers is {other}, which is neither containers nor embedded.", "Correct it, or leave it out."),
    };

    /// <summary>A client on the path proves nothing: only an engine that answers counts.</summary>
    private static async Task<string?> EngineAsync()
    {
        foreach (var engine in (string[])["docker", "podman"])
        {
            if (Executables.Find(engine) is not { } client) continue;

            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            try
            {
                if ((await ChildProcess.RunAsync(client, ["info"], cancellationToken: patience.Token)).ExitCode == 0) return engine;
            }
            catch (OperationCanceledException)
            {
                Debug.WriteLine($"{engine} did not answer in time");
            }
        }

        return null;
    }

    private static void Say(string[] names, string kind, string why)
    {
        if (names.Length > 0) Console.WriteLine($"Servers: {string.Join(", ", names)} {kind} ({why}).");
    }
}
