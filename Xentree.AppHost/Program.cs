using Xentree.AppHost;
using Xentree.AppHost.Embedded;
using Xentree.ServiceDefaults;

if (args is [GarnetHost.Verb, .. var garnet])
{
    await GarnetHost.RunAsync(garnet);
    return 0;
}

try
{
    await RunAsync(args);
    return 0;
}
catch (SetupException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}

static async Task RunAsync(string[] args)
{
    var builder = DistributedApplication.CreateBuilder(args);
    var settings = Settings.Read(builder.Configuration);
    var state = StateFolder.Open(builder.Configuration[StateFolder.Setting]);
    var instance = settings.Data is { Length: > 0 } data ? data : state.Instance(Path.GetDirectoryName(builder.AppHostDirectory)!);
    StateFolder.CreateOpen(instance);
    using var run = await Run.ClaimAsync(builder, settings, instance);

    var servers = await Servers.AddAsync(builder, settings, instance, state);
    var encryptionKey = builder.AddParameter("encryption-key", new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true, persist: true);

    var migrations = builder.AddBuiltProject<Projects.Xentree_Worker>(ResourceNames.Migrations, "migrate").WithServers(servers, encryptionKey);

    var api = builder.AddBuiltProject<Projects.Xentree_Api>(ResourceNames.Api)
        .WithServers(servers, encryptionKey)
        .WaitForCompletion(migrations)
        .WithHttp(settings.Ports.Api)
        .WithReplicas(settings.Replicas);
    if (await LanguageServer.AddAsync(builder, instance, state) is { } language) api.WithReference(language);
    api.WithUrl($"{api.GetEndpoint("http")}/docs/api", "API reference");

    var worker = builder.AddBuiltProject<Projects.Xentree_Worker>(ResourceNames.Worker)
        .WithServers(servers, encryptionKey)
        .WaitForCompletion(migrations)
        .WithHttp(settings.Ports.Worker);
    worker.WithUrl($"{worker.GetEndpoint("http")}/hangfire", "Background jobs");

    if (servers.Ours && builder.ExecutionContext.IsRunMode)
    {
        var seed = builder.AddBuiltProject<Projects.Xentree_Worker>(ResourceNames.Seed, "seed")
            .WithServers(servers, encryptionKey)
            .WithParentRelationship(worker)
            .WithExplicitStart();
        DevelopmentCommands.AddSeed(api, seed);
        DevelopmentCommands.AddReset(api, worker, migrations, servers);
    }

    Announcement.Add(builder, run);
    await builder.Build().RunAsync();
}
