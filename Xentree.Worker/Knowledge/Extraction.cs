using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Xentree.Domain.Knowledge;

namespace Xentree.Worker.Knowledge;

/// <summary>Reads documents in a process of its own (<see cref="ExtractVerb"/>), within bounds of time and memory.</summary>
internal sealed partial class Extraction(IOptions<ExtractionOptions> options, ILogger<Extraction> logger)
{
    private readonly ExtractionOptions _options = options.Value;

    /// <summary>The text of a document, in reading order.</summary>
    /// <exception cref="UnreadableException">It cannot be read.</exception>
    public async Task<IReadOnlyList<TextBlock>> ReadAsync(Stream file, string mediaType, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(_options.Seconds));
        using var process = Process.Start(StartInfo(mediaType))!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var feeding = FeedAsync(file, process, limit.Token);
            var (blocks, end) = await CollectAsync(process.StandardOutput, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            await feeding;
            if (await errors is { Length: > 0 } said) LogSaid(logger, mediaType, process.ExitCode, said.Trim().Split('\n')[0]);
            // A process that was out of memory or stack has said no last word.
            if (end is not { } last) throw UnreadableException.TooLarge;

            return last.Failure is { } failure ? throw new UnreadableException(failure) : blocks;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw UnreadableException.TooSlow;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private static async Task FeedAsync(Stream file, Process process, CancellationToken cancellation)
    {
        try
        {
            await file.CopyToAsync(process.StandardInput.BaseStream, cancellation);
            process.StandardInput.Close();
        }
        catch (IOException) when (process.HasExited)
        {
            // It has seen enough.
        }
    }

    private async Task<(List<TextBlock> Blocks, ExtractVerb.Line? End)> CollectAsync(StreamReader output, CancellationToken cancellation)
    {
        var (blocks, characters) = (new List<TextBlock>(), 0L);
        while (await output.ReadLineAsync(cancellation) is { } text)
        {
            ExtractVerb.Line line;
            try
            {
                line = ExtractVerb.Parse(text);
            }
            catch (JsonException)
            {
                // The last line of one that was cut off.
                break;
            }

            if (line.End) return (blocks, line);

            characters += line.Text!.Length;
            // It bounds this itself; but what it says it is, a hostile file may have made it.
            if (characters > _options.Characters) throw UnreadableException.TooLarge;
            blocks.Add(new TextBlock(line.Text, line.Level, line.Page));
        }

        return (blocks, null);
    }

    private ProcessStartInfo StartInfo(string mediaType)
    {
        // The runtime that runs this, or this program where it carries its runtime with it.
        var runtime = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        string[] arguments = [ExtractVerb.Name, mediaType, JsonSerializer.Serialize(_options)];
        var start = File.Exists(runtime)
            ? new ProcessStartInfo(runtime, [Path.Combine(AppContext.BaseDirectory, "Xentree.Worker.dll"), .. arguments])
            : new ProcessStartInfo(Environment.ProcessPath!, arguments);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        start.StandardOutputEncoding = System.Text.Encoding.UTF8;

        // It needs no secret of ours.
        foreach (var name in start.Environment.Keys.Where(name => name is not ("PATH" or "HOME" or "TMPDIR" or "TEMP" or "SystemRoot" or "DOTNET_ROOT")).ToList()) start.Environment.Remove(name);
        start.Environment["DOTNET_GCHeapHardLimit"] = _options.MemoryBytes.ToString("x", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return start;
    }

    [LoggerMessage(LogLevel.Information, "Reading a {MediaType} ended with {ExitCode}: {Said}")]
    private static partial void LogSaid(ILogger logger, string mediaType, int exitCode, string said);
}
