namespace Xentree.AppHost.Embedded;

/// <summary>How a server process is started and stopped.</summary>
/// <param name="FileName">The program, by its full path.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Folder">Its data, which the arguments name.</param>
/// <param name="StopSignal">The signal that ends it soon and cleanly.</param>
public sealed record ServerCommand(string FileName, IReadOnlyList<string> Arguments, string Folder, string StopSignal = "TERM")
{
    /// <summary>
    /// The same server under a small watcher that ends it with the process <paramref name="owner"/>, and translates the orchestrator's TERM.
    /// Windows has neither the shell nor the signals: there the orchestrator's job object ends the server.
    /// </summary>
    /// <param name="owner">The process without which the server has no reason to run.</param>
    /// <returns>The watched command.</returns>
    public ServerCommand Supervised(int owner)
    {
        if (OperatingSystem.IsWindows()) return this;

        // Linux alone can tie the server to the watcher's own end.
        string[] tie = OperatingSystem.IsLinux() && Executables.Find("setpriv") is { } setpriv && FileName != setpriv
            ? [setpriv, "--pdeathsig", StopSignal]
            : [];

        return this with
        {
            FileName = "/bin/sh",
            Arguments = [Path.Combine(Executables.Folder, "supervise.sh"), $"{owner}", StopSignal, Folder, .. tie, FileName, .. Arguments],
        };
    }
}
