using System.Runtime.InteropServices;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;
using NodaTime;
using Xentree.Ai;
using Xentree.Data.Blobs;
using Xentree.Data.Knowledge;
using Xentree.Domain.Knowledge;

namespace Xentree.Worker.Knowledge;

/// <summary>
/// Makes one document findable: its text, its passages, their meanings. Each step is stored before the next, so whoever takes over from
/// one that was killed goes on where it stood.
/// </summary>
internal sealed partial class DocumentProcessing(
    DocumentWork work, BlobServiceClient blobs, Extraction extraction, Embedder embedder, IOptions<ExtractionOptions> options, ILogger<DocumentProcessing> logger)
{
    private const int MaxAttempts = 5;
    private const int BatchSize = 32;
    private const int Read = 20;
    private const int Embedded = 99;

    private static readonly Duration FirstPause = Duration.FromSeconds(30);
    private static readonly Duration LongPause = Duration.FromHours(1);

    /// <summary>Works on the next document; whether there was one.</summary>
    public async Task<bool> NextAsync(CancellationToken cancellation)
    {
        if (await work.ClaimAsync(embedder.Model, cancellation) is not { } document) return false;

        try
        {
            // One that ended so many processes is not tried for ever.
            if (document.Status == DocumentStatus.Processing && document.Attempts > MaxAttempts) throw new UnreadableException("The file could not be read in several attempts. Upload it again to try once more.");

            await ProcessAsync(document, cancellation);
        }
        catch (LeaseLostException)
        {
            LogLost(document.Id);
        }
        catch (UnreadableException exception)
        {
            await EndAsync(() => work.FailAsync(document, exception.Message, cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await EndAsync(() => work.ReleaseAsync(document, Duration.Zero, counts: false, CancellationToken.None));
            throw;
        }
        catch (Exception exception)
        {
            // A server that did not answer, most likely: later, then.
            LogFailed(exception, document.Id, document.Attempts);
            await EndAsync(() => GiveBackAsync(document, exception, cancellation));
        }

        return true;
    }

    private async Task ProcessAsync(Document document, CancellationToken cancellation)
    {
        if (document is { Status: DocumentStatus.Processing, ChunkCount: 0 }) await ReadAsync(document, cancellation);

        if (embedder.Model is { } model) await EmbedAsync(document, model, cancellation);
        await work.FinishAsync(document, embedder.Model, retryAfter: null, cancellation);
    }

    private async Task ReadAsync(Document document, CancellationToken cancellation)
    {
        await work.RenewAsync(document, 1, cancellation);
        IReadOnlyList<TextBlock> blocks;
        await using (var file = await blobs.GetBlobContainerClient(BlobContainers.Documents).GetBlobClient(document.Blob).OpenReadAsync(cancellationToken: cancellation))
            blocks = await extraction.ReadAsync(file, document.MediaType, cancellation);

        await work.RenewAsync(document, Read / 2, cancellation);
        var passages = new PassageSplitter(Embedder.CountTokens).Split(blocks).Take(options.Value.Passages + 1).ToList();
        if (passages.Count == 0) throw UnreadableException.Empty;
        if (passages.Count > options.Value.Passages) throw UnreadableException.TooLarge;

        var language = TextLanguage.Detect(blocks.Select(block => block.Text))?.Name ?? document.Language;
        await work.ReplaceChunksAsync(document, passages, language, cancellation);
        document.ChunkCount = passages.Count;
    }

    private async Task EmbedAsync(Document document, string model, CancellationToken cancellation)
    {
        // From its progress on, where another was interrupted.
        for (var done = 0; ;)
        {
            await work.RenewAsync(document, Math.Min(Embedded, Math.Max(document.Progress, Read + (int)((Embedded - Read) * (long)done / Math.Max(1, document.ChunkCount)))), cancellation);
            var chunks = await work.WithoutVectorAsync(document, model, BatchSize, cancellation);
            if (chunks.Count == 0) return;

            var vectors = await embedder.EmbedAsync([.. chunks.Select(chunk => Passage.MeaningOf(chunk.Heading, chunk.Content))], cancellation);
            await work.StoreVectorsAsync(document, model, [.. chunks.Zip(vectors, (chunk, vector) => (chunk.Id, MemoryMarshal.AsBytes(vector.AsSpan()).ToArray()))], cancellation);
            done += chunks.Count;
        }
    }

    private Task GiveBackAsync(Document document, Exception exception, CancellationToken cancellation)
    {
        if (document.Status == DocumentStatus.Ready) return work.ReleaseAsync(document, LongPause, counts: false, cancellation);
        if (document.Attempts < MaxAttempts) return work.ReleaseAsync(document, FirstPause * (1 << (document.Attempts - 1)), counts: true, cancellation);

        // Without its meaning it can still be found by its words; with it as soon as there is a model that answers.
        return exception is EmbeddingFailedException
            ? work.FinishAsync(document, model: null, LongPause, cancellation)
            : work.FailAsync(document, "The file could not be read in several attempts. Upload it again to try once more.", cancellation);
    }

    private static async Task EndAsync(Func<Task> end)
    {
        try
        {
            await end();
        }
        catch (LeaseLostException)
        {
            // Whoever has it now says how it ends.
        }
    }

    [LoggerMessage(LogLevel.Information, "{DocumentId} is somebody else's work by now, or gone")]
    private partial void LogLost(Guid documentId);

    [LoggerMessage(LogLevel.Warning, "Attempt {Attempt} at {DocumentId} failed")]
    private partial void LogFailed(Exception exception, Guid documentId, int attempt);
}
