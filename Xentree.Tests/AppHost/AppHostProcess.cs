using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xentree.AppHost.Embedded;

namespace Xentree.Tests.AppHost;

/// <summary>The AppHost as a process of its own, as a developer starts it, on ports and data of a test's own.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<string> _lines = [];
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AppHostProcess(Process process) => _process = process;

    public string Output
    {
        get
        {
            lock (_lines) return string.Join(Environment.NewLine, _lines);
        }
    }

    public static AppHostProcess Start(string data, Ports ports)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(StateFolder).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["Servers"] = "embedded",
                ["Data"] = data,
                ["Ports__Api"] = $"{ports.Api}",
                ["Ports__Worker"] = $"{ports.Worker}",
                ["Ports__Dashboard"] = $"{ports.Dashboard}",
            },
        };
        var host = new AppHostProcess(new() { StartInfo = start, EnableRaisingEvents = true });
        host._process.OutputDataReceived += (_, e) => host.Read(e.Data);
        host._process.ErrorDataReceived += (_, e) => host.Read(e.Data);
        host._process.Exited += (_, _) => host._ready.TrySetException(new InvalidOperationException($"The AppHost ended: {host.Output}"));
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        return host;
    }

    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(Patience, cancellationToken);

    public async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>kill -9, of this process alone.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-s", "TERM", $"{_process.Id}"]);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null) return;
        lock (_lines) _lines.Add(line);
        if (line.StartsWith("Xentree is ready", StringComparison.Ordinal)) _ready.TrySetResult();
    }

    internal sealed record Ports(int Api, int Worker, int Dashboard)
    {
        public static Ports Free()
        {
            TcpListener[] listeners = [new(IPAddress.Loopback, 0), new(IPAddress.Loopback, 0), new(IPAddress.Loopback, 0)];
            foreach (var listener in listeners) listener.Start();
            var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
            foreach (var listener in listeners) listener.Dispose();
            return new(ports[0], ports[1], ports[2]);
        }
    }
}
