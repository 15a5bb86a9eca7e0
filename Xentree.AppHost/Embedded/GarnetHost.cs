using System.Runtime.InteropServices;
using Garnet;

namespace Xentree.AppHost.Embedded;

/// <summary>This executable as a Garnet server: the package is a library without a program.</summary>
internal static class GarnetHost
{
    /// <summary>The first argument that asks for it.</summary>
    public const string Verb = "garnet";

    /// <summary>What it prints when it takes connections.</summary>
    public const string ReadyLine = "Garnet is ready";

    /// <summary>Serves until the process is told to stop.</summary>
    public static async Task RunAsync(string[] options)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

        using var server = new GarnetServer(options);
        server.Start();
        Console.WriteLine(ReadyLine);
        await stopped.Task;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopped.TrySetResult();
        }
    }
}
