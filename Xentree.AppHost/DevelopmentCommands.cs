using Microsoft.Extensions.DependencyInjection;

namespace Xentree.AppHost;

/// <summary>Buttons on the API's row of the dashboard that only make sense while developing.</summary>
internal static class DevelopmentCommands
{
    /// <summary>Begins with no data: database, cache and blobs are emptied, and the hosts start as after a first start.</summary>
    public static void AddReset(
        IResourceBuilder<ProjectResource> api,
        IResourceBuilder<ProjectResource> worker,
        IResourceBuilder<ProjectResource> migrations,
        Servers servers) =>
        Add(
            api,
            "reset-development-data",
            "Reset development data",
            new()
            {
                Description = "Drops and migrates the database, flushes the cache and deletes the blobs.",
                ConfirmationMessage = "All accounts, conversations and files of this development system will be gone. Reset?",
                IconName = "DatabaseArrowDown",
            },
            async (control, cancelled) =>
            {
                await Task.WhenAll(control.StopAsync(api.Resource, cancelled), control.StopAsync(worker.Resource, cancelled));
                await DevelopmentData.DropAsync(servers, cancelled);
                await control.RunToEndAsync(migrations.Resource, cancelled);
                await Task.WhenAll(control.StartAsync(api.Resource, cancelled), control.StartAsync(worker.Resource, cancelled));
                return "The system is as new.";
            });

    /// <summary>Runs the worker's <c>seed</c> verb.</summary>
    public static void AddSeed(IResourceBuilder<ProjectResource> api, IResourceBuilder<ProjectResource> seed) =>
        Add(
            api,
            "seed-demo-learner",
            "Seed demo learner",
            new() { Description = "Creates a learner with a year of history.", IconName = "PersonAdd" },
            (control, cancelled) => control.RunToEndAsync(seed.Resource, cancelled));

    private static void Add(
        IResourceBuilder<ProjectResource> api,
        string name,
        string title,
        CommandOptions options,
        Func<ResourceControl, CancellationToken, Task<string>> run) =>
        api.WithCommand(
            name,
            title,
            async context =>
            {
                var control = ActivatorUtilities.CreateInstance<ResourceControl>(context.Services);
                try
                {
                    return CommandResults.Success($"{title}: done.", await run(control, context.CancellationToken));
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    return CommandResults.Failure(fault.Message);
                }
            },
            options);
}
