using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xentree.AppHost.Embedded;

namespace Xentree.Tests;

/// <summary>One running server that a test may stop, kill and start again: its address stays, so clients can find it again.</summary>
public sealed class LocalServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IEmbeddedServer _server;
    private Process? _process;

    private LocalServer(IEmbeddedServer server, int port)
    {
        _server = server;
        Port = port;
    }

    public int Port { get; }

    public string ConnectionString => _server.ConnectionString(Port);

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts a server on a port that is free.</summary>
    public static async Task<LocalServer> StartAsync(IEmbeddedServer server, CancellationToken cancellationToken = default)
    {
        await server.PrepareAsync(cancellationToken);

        // Somebody may take the free port before the server does: then another.
        for (var attempt = 1; ; attempt++)
        {
            var local = new LocalServer(server, FreePort());
            try
            {
                await local.StartAsync(cancellationToken);
                return local;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                await local.DisposeAsync();
            }
        }
    }

    /// <summary>Starts it again on its port, and waits until it takes connections.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (IsRunning) return;

        var command = _server.Command(Port).Supervised(Environment.ProcessId);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new List<string>();
        var process = new Process
        {
            StartInfo = new(command.FileName, command.Arguments)
            {
                WorkingDirectory = command.Folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        process.OutputDataReceived += (_, e) => Read(e.Data);
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException(Said("ended before it was ready")));
        _process?.Dispose();
        _process = process;
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(Patience, cancellationToken);

        void Read(string? line)
        {
            if (line is null) return;
            lock (output) output.Add(line);
            if (line.Contains(_server.ReadyLine, StringComparison.Ordinal)) ready.TrySetResult();
        }

        string Said(string what)
        {
            lock (output) return $"{_server.GetType().Name} {what}: {string.Join(Environment.NewLine, output)}";
        }
    }

    /// <summary>Stops it as an operator would, and waits until it is gone.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => EndAsync("TERM", cancellationToken);

    /// <summary>Takes it away without a warning.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        if (_process is null || _process.HasExited) return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        _process = null;
    }

    private async Task EndAsync(string signal, CancellationToken cancellationToken)
    {
        if (_process is null || _process.HasExited) return;

        if (OperatingSystem.IsWindows())
        {
            await KillAsync(cancellationToken);
            return;
        }

        using var kill = Process.Start("kill", ["-s", signal, $"{_process.Id}"]);
        await _process.WaitForExitAsync(cancellationToken);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
