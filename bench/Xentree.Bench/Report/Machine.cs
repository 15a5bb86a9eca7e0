using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Xentree.Bench.Report;

/// <summary>What figures depend on: the machine, the code, the day.</summary>
internal static class Machine
{
    public static async Task<string> DescribeAsync(bool isQuick)
    {
        var commit = await CommitAsync();
        return string.Create(CultureInfo.InvariantCulture,
            $"""
            - Machine: {Environment.ProcessorCount} cores ({Processor()}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30)} GB of memory, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}. Clients, API, PostgreSQL and Redis share it{Load()}.
            - Commit: {commit}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC{(isQuick ? ", **quick: short, on little data**" : "")}

            """);
    }

    private static string Processor()
    {
        const string field = "model name";
        var line = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    // Figures of a machine that was busy with something else are for ratios at best: whoever reads them must know.
    private static string Load() => File.Exists("/proc/loadavg")
        ? $", and {File.ReadAllText("/proc/loadavg").Split(' ')[0]} other processes wanted it when the run began (load average)"
        : "";

    private static async Task<string> CommitAsync()
    {
        try
        {
            var commit = await GitAsync("rev-parse", "--short", "HEAD");
            if (commit.Length == 0) return "unknown";

            return await GitAsync("status", "--porcelain", "--untracked-files=no") is { Length: > 0 } ? commit + " with changes" : commit;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }

    private static async Task<string> GitAsync(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory })!;
        var output = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        return output.Trim();
    }
}
