using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Xentree.AppHost.Embedded;

/// <summary>Starts a server again that ended without being told to.</summary>
internal static class Restarts
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A server that is stopped on the dashboard, or with the whole system, ends with 0; one that died does not. Who dies again at once
    /// waits twice as long each time.
    /// </summary>
    public static IResourceBuilder<EmbeddedServerResource> StartedAgainWhenItDies(this IResourceBuilder<EmbeddedServerResource> server)
    {
        var pause = Shortest / 2;
        return server.OnResourceStopped((resource, stopped, cancelled) =>
        {
            var (exitCode, started, ended) =
                (stopped.ResourceEvent.Snapshot.ExitCode, stopped.ResourceEvent.Snapshot.StartTimeStamp, stopped.ResourceEvent.Snapshot.StopTimeStamp);
            if (exitCode is null or 0) return Task.CompletedTask;

            pause = ended - started > Longest ? Shortest : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, Longest.Ticks));
            // The orchestrator waits for this handler, and tells of no other resource meanwhile.
            _ = Task.Run(() => StartAsync(resource, stopped.Services, pause), CancellationToken.None);
            return Task.CompletedTask;
        });
    }

    private static async Task StartAsync(EmbeddedServerResource server, IServiceProvider services, TimeSpan pause)
    {
        try
        {
            var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            await Task.Delay(pause, stopping);
            await services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(server, KnownResourceCommands.StartCommand, stopping);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
            // The system ends, and this server with it.
        }
    }
}
