using System.Diagnostics;

namespace Xentree.AppHost.Embedded;

/// <summary>A program that is run to its end.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a program and hands on each line that it prints.</summary>
    /// <returns>The exit code, and the last lines printed.</returns>
    public static async Task<(int ExitCode, string Tail)> RunAsync(
        string fileName,
        IEnumerable<string> arguments,
        string? folder = null,
        string? input = null,
        Action<string>? line = null,
        CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var tail = new Queue<string>();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => Take(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (input is not null) await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();

        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, string.Join(Environment.NewLine, tail));

        void Take(string? text)
        {
            if (text is null) return;

            line?.Invoke(text);
            lock (tail)
            {
                tail.Enqueue(text);
                if (tail.Count > 15) tail.Dequeue();
            }
        }
    }
}
