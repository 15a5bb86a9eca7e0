using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xentree.AppHost.Embedded;

namespace Xentree.AppHost;

/// <summary>One run of the system from one clone: the data belongs to it while it lasts, and so do its ports.</summary>
internal sealed class Run : IDisposable
{
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly FileLock? _claim;
    private readonly string _marker;

    private Run(FileLock? claim, string marker)
    {
        _claim = claim;
        _marker = marker;
    }

    /// <summary>The dashboard's address with the token that logs in, or null when there is no dashboard.</summary>
    public string? Dashboard { get; private init; }

    public static async Task<Run> ClaimAsync(IDistributedApplicationBuilder builder, Settings settings, string instance)
    {
        var marker = Path.Combine(instance, "apphost.pid");
        if (!builder.ExecutionContext.IsRunMode) return new(null, marker);

        var claim = await TakeAsync(Path.Combine(instance, "apphost.lock")) ?? throw new SetupException(
            $"Xentree runs already from this clone (process {(File.Exists(marker) ? await File.ReadAllTextAsync(marker) : "unknown")}).",
            "Use that one, or stop it with Ctrl-C where it was started.");

        // The mark of a run that could not tidy up. Its orchestrator notices by itself and ends what is left.
        var abandoned = File.Exists(marker);
        await FreeAsync("the API", "Api", settings.Ports.Api, abandoned);
        await FreeAsync("the worker", "Worker", settings.Ports.Worker, abandoned);
        await FreeAsync("the dashboard", "Dashboard", settings.Ports.Dashboard, abandoned);
        await File.WriteAllTextAsync(marker, $"{Environment.ProcessId}");

        // When the AppHost has ended, so has what it started: whoever starts it again at once finds everything free.
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] ??= "true";

        return new(claim, marker) { Dashboard = DashboardAddress.Configure(builder.Configuration, settings.Ports.Dashboard) };
    }

    public void Dispose()
    {
        if (_claim is null) return;

        File.Delete(_marker);
        _claim.Dispose();
    }

    /// <summary>Whoever stops one run and starts the next at once may find the first still on its way out.</summary>
    private static async Task<FileLock?> TakeAsync(string path)
    {
        FileLock? claim = null;
        await EventuallyAsync(() => (claim = FileLock.TryTake(path)) is not null, ShortPatience);
        return claim;
    }

    private static async Task FreeAsync(string who, string setting, int port, bool abandoned)
    {
        if (port == 0 || IsFree(port)) return;

        Console.WriteLine(abandoned
            ? $"The previous run ended abruptly: waiting until its processes give port {port} back."
            : $"Port {port} is taken: waiting a moment, should a previous run be on its way out.");
        if (await EventuallyAsync(() => IsFree(port), abandoned ? LongPatience : ShortPatience)) return;

        throw new SetupException(
            $"Port {port}, on which {who} listens, is taken by another program.",
            $"Stop that program, or name another port: Ports__{setting}={port + 10}.");
    }

    private static async Task<bool> EventuallyAsync(Func<bool> condition, TimeSpan patience)
    {
        for (var started = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(Pause))
        {
            if (Stopwatch.GetElapsedTime(started) > patience) return false;
        }

        return true;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
