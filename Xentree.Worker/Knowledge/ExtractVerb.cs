using System.Text.Encodings.Web;
using System.Text.Json;
using Xentree.Domain.Knowledge;
using Xentree.Worker.Knowledge.Formats;

namespace Xentree.Worker.Knowledge;

/// <summary>
/// <c>extract</c>: reads a document from the standard input and writes its text to the standard output, a block a line. It runs in a
/// process of its own, which knows no server and no secret, and which may be killed: files come from anybody, and what a parser does
/// with a hostile one is not known beforehand.
/// </summary>
internal static class ExtractVerb
{
    public const string Name = "extract";

    private const int TimedOut = 4;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What comes out: a block, or at last the end or a failure.</summary>
    public readonly record struct Line(string? Text, int Level, int? Page, bool End, string? Failure);

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var mediaType, var limits]) return 2;

        var options = JsonSerializer.Deserialize<ExtractionOptions>(limits)!;
        // Who started this kills it in time; should they have gone, it ends by itself.
        await using var timer = new Timer(_ => Environment.Exit(TimedOut), null, TimeSpan.FromSeconds(options.Seconds + 5), Timeout.InfiniteTimeSpan);

        using var file = new MemoryStream();
        await using (var input = Console.OpenStandardInput()) await input.CopyToAsync(file);

        await using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        string? failure = null;
        try
        {
            var characters = 0L;
            foreach (var block in Read(mediaType, file.ToArray(), options))
            {
                var text = CleanText.Of(block.Text);
                if (text.Length == 0) continue;

                characters += text.Length;
                if (characters > options.Characters) throw UnreadableException.TooLarge;
                await WriteAsync(new Line(text, block.Level, block.Page, false, null));
            }
        }
        catch (UnreadableException exception)
        {
            failure = exception.Message;
        }
        catch (Exception exception) when (exception is OutOfMemoryException or InsufficientExecutionStackException)
        {
            failure = UnreadableException.TooLarge.Message;
        }
        catch (Exception exception)
        {
            // Parsers throw what they like at a file that is not what it says; for whoever reads the worker's log, the kind of it.
            await Console.Error.WriteLineAsync(exception.GetType().Name);
            failure = UnreadableException.Damaged.Message;
        }

        await WriteAsync(new Line(null, 0, null, true, failure));
        return 0;

        async Task WriteAsync(Line line)
        {
            await JsonSerializer.SerializeAsync(output, line, Json);
            output.WriteByte((byte)'\n');
        }
    }

    /// <summary>Reads one line of the output.</summary>
    public static Line Parse(string line) => JsonSerializer.Deserialize<Line>(line, Json);

    private static IEnumerable<TextBlock> Read(string mediaType, byte[] file, ExtractionOptions options) => mediaType switch
    {
        DocumentTypes.Text => PlainText.Read(TextEncoding.Decode(file)),
        DocumentTypes.Markdown => MarkdownText.Read(TextEncoding.Decode(file)),
        DocumentTypes.Html => HtmlText.Read(TextEncoding.Decode(file)),
        DocumentTypes.Pdf => PdfText.Read(file, options),
        DocumentTypes.Docx => DocxText.Read(file, options),
        _ => throw new UnreadableException($"Files of the type {mediaType} cannot be read."),
    };
}
