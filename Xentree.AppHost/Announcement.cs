using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xentree.ServiceDefaults;

namespace Xentree.AppHost;

/// <summary>Says on the console where the system is once it may be used, and which part of it failed.</summary>
internal sealed class Announcement(ResourceNotificationService notifications, ResourceLoggerService logs, DistributedApplicationModel model, Run run)
    : BackgroundService
{
    public static void Add(IDistributedApplicationBuilder builder, Run run)
    {
        if (!builder.ExecutionContext.IsRunMode) return;

        // The console is for what a person acts upon; everything else is on the dashboard.
        builder.Services.AddLogging(logging => logging
            .AddFilter("Aspire.Hosting", LogLevel.Warning)
            .AddFilter("Aspire.Hosting.Dcp.DcpHost", LogLevel.Error)
            .AddFilter("Microsoft.AspNetCore", LogLevel.Error)
            .AddFilter("System.Net.Http.HttpClient", LogLevel.Warning));
        builder.Services.AddSingleton(run);
        builder.Services.AddHostedService<Announcement>();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(SayWhereAsync(stoppingToken), SayWhatFailedAsync(stoppingToken));

    private async Task SayWhereAsync(CancellationToken cancellationToken)
    {
        if (run.Dashboard is not null) Console.WriteLine($"Dashboard: {run.Dashboard}");

        foreach (var host in (string[])[ResourceNames.Api, ResourceNames.Worker])
        {
            await notifications.WaitForResourceHealthyAsync(host, WaitBehavior.WaitOnResourceUnavailable, cancellationToken);
        }

        var (api, worker) = (Address(ResourceNames.Api), Address(ResourceNames.Worker));
        Console.WriteLine($"""
            Xentree is ready.
              API             {api}
              API reference   {api}/docs/api
              Worker          {worker}
              Background jobs {worker}/hangfire
              Dashboard       {run.Dashboard ?? "off"}
            Ctrl-C stops it.
            """);
    }

    private async Task SayWhatFailedAsync(CancellationToken cancellationToken)
    {
        var told = new HashSet<string>();
        await foreach (var change in notifications.WatchAsync(cancellationToken))
        {
            var (state, exitCode) = (change.Snapshot.State?.Text, change.Snapshot.ExitCode);
            var failed = state == KnownResourceStates.FailedToStart || (KnownResourceStates.TerminalStates.Contains(state) && exitCode is not (null or 0));
            if (!failed)
            {
                if (state == KnownResourceStates.Running) told.Remove(change.ResourceId);
            }
            else if (!cancellationToken.IsCancellationRequested && told.Add(change.ResourceId))
            {
                Console.Error.WriteLine($"{change.Resource.Name} failed{(exitCode is null ? "" : $" with exit code {exitCode}")}. Its last lines:");
                foreach (var line in await LastLinesAsync(change.ResourceId, cancellationToken)) Console.Error.WriteLine($"  {line}");
            }
        }
    }

    private async Task<IEnumerable<string>> LastLinesAsync(string resource, CancellationToken cancellationToken)
    {
        var lines = new Queue<string>();
        await foreach (var batch in logs.GetAllAsync(resource).WithCancellation(cancellationToken))
        {
            foreach (var line in batch)
            {
                lines.Enqueue(line.Content);
                if (lines.Count > 10) lines.Dequeue();
            }
        }

        return lines;
    }

    private string Address(string host) =>
        model.Resources.OfType<IResourceWithEndpoints>().Single(resource => resource.Name == host).GetEndpoint("http").Url;
}
