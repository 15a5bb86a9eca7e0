using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data.Search;
using Xentree.Domain;
using Xentree.Domain.Knowledge;

namespace Xentree.Data.Knowledge;

/// <summary>Somebody else works on the document by now, or it is gone: whatever was to be written is not.</summary>
public sealed class LeaseLostException() : Exception("The document is somebody else's work by now, or gone.");

/// <summary>
/// The one way in which a document becomes passages and vectors. Whoever works on one holds a lease, and every write asks for it under
/// the document's lock: a worker that was thought dead writes nothing, and two never mix what they write.
/// </summary>
public sealed class DocumentWork(XentreeDbContext context, TimeProvider time)
{
    /// <summary>The name of the job that does the work.</summary>
    public const string Job = "process-documents";

    /// <summary>How long a lease lasts; it is renewed with each step.</summary>
    public static readonly Duration Lease = Duration.FromMinutes(3);

    /// <summary>
    /// Takes the next document that waits to be read, or else one whose vectors are not of the model in force; null where there is
    /// none. What came first goes first.
    /// </summary>
    /// <param name="model">The model in force; null for none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Document?> ClaimAsync(string? model, CancellationToken cancellation)
    {
        var (now, leaseId) = (time.Now, time.NewId());
        var until = now + Lease;
        var claimed = await context.Documents.FromSql(
            $"""
            update documents set lease_id = {leaseId}, leased_until = {until}, attempts = attempts + 1
            where id = (
              select id from documents where status = 'Processing' and (leased_until is null or leased_until <= {now})
              order by id limit 1 for update skip locked)
            returning *
            """).AsNoTracking().ToListAsync(cancellation);
        if (claimed.Count == 0 && model is not null)
        {
            claimed = await context.Documents.FromSql(
                $"""
                update documents set lease_id = {leaseId}, leased_until = {until}, attempts = attempts + 1
                where id = (
                  select id from documents
                  where status = 'Ready' and embedding_model is distinct from {model} and (leased_until is null or leased_until <= {now})
                  order by id limit 1 for update skip locked)
                returning *
                """).AsNoTracking().ToListAsync(cancellation);
        }

        return claimed is [var document] ? document : null;
    }

    /// <summary>Says how far the work is, and keeps the lease.</summary>
    public async Task RenewAsync(Document document, int progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(document);
        var until = time.Now + Lease;
        var renewed = await Mine(document).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.LeasedUntil, until).SetProperty(d => d.Progress, d => d.Status == DocumentStatus.Ready ? 100 : progress), cancellation);
        if (renewed == 0) throw new LeaseLostException();
    }

    /// <summary>Puts these passages in the place of those that there are.</summary>
    public Task ReplaceChunksAsync(Document document, IReadOnlyList<Passage> passages, string language, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(document);
        return ChangeAsync(document, async (row, cancel) =>
        {
            await context.DocumentChunks.Where(c => c.DocumentId == row.Id).ExecuteDeleteAsync(cancel);
            await context.SearchEntries.Where(e => e.DocumentId == row.Id).ExecuteDeleteAsync(cancel);
            var chunks = passages.Select(passage => new DocumentChunk
            {
                Id = time.NewId(),
                DocumentId = row.Id,
                Ordinal = passage.Ordinal,
                Heading = passage.Heading,
                Page = passage.Page,
                Content = passage.Content,
                Tokens = passage.Tokens,
                Language = language,
            }).ToList();
            context.DocumentChunks.AddRange(chunks);
            (row.Language, row.ChunkCount, row.EmbeddingModel) = (language, passages.Count, null);
            row.IndexVersion++;
            await context.SaveChangesAsync(cancel);
            await context.IndexAsync(SearchSource.Passages, [.. chunks.Select(chunk => chunk.Id)], cancel);
        }, cancellation);
    }

    /// <summary>The next passages that have no vector of a model.</summary>
    public Task<List<DocumentChunk>> WithoutVectorAsync(Document document, string model, int count, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(document);
        return context.DocumentChunks.AsNoTracking()
            .Where(c => c.DocumentId == document.Id && !context.DocumentVectors.Any(v => v.ChunkId == c.Id && v.Model == model))
            .OrderBy(c => c.Ordinal)
            .Take(count)
            .ToListAsync(cancellation);
    }

    /// <summary>Stores vectors of passages; a vector of another model goes.</summary>
    public Task StoreVectorsAsync(Document document, string model, IReadOnlyList<(Guid ChunkId, byte[] Vector)> vectors, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(document);
        var (ids, bytes) = (vectors.Select(v => v.ChunkId).ToArray(), vectors.Select(v => v.Vector).ToArray());
        return ChangeAsync(document, (row, cancel) => context.Database.ExecuteSqlAsync(
            $"""
            insert into document_vectors (chunk_id, document_id, model, vector)
            select c.id, c.document_id, {model}, v.vector
            from unnest({ids}, {bytes}) v (id, vector) join document_chunks c on c.id = v.id and c.document_id = {row.Id}
            on conflict (chunk_id) do update set model = excluded.model, vector = excluded.vector
            """,
            cancel), cancellation);
    }

    /// <summary>The document can be found; <paramref name="model"/> is the model in which all of it has vectors, <paramref name="retryAfter"/> when to try for them again.</summary>
    public Task FinishAsync(Document document, string? model, Duration? retryAfter, CancellationToken cancellation) =>
        EndAsync(document, row =>
        {
            (row.Status, row.Progress, row.Failure, row.EmbeddingModel) = (DocumentStatus.Ready, 100, null, model);
            row.IndexVersion++;
        }, retryAfter, resetAttempts: true, cancellation);

    /// <summary>The document cannot be read.</summary>
    public Task FailAsync(Document document, string failure, CancellationToken cancellation) =>
        EndAsync(document, row => (row.Status, row.Failure) = (DocumentStatus.Failed, failure), null, resetAttempts: true, cancellation);

    /// <summary>Gives the document back as it is, for whoever comes <paramref name="retryAfter"/> from now.</summary>
    /// <param name="document">The document.</param>
    /// <param name="retryAfter">How long to leave it alone.</param>
    /// <param name="counts">Whether it was an attempt: a worker that is told to stop has not failed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task ReleaseAsync(Document document, Duration retryAfter, bool counts, CancellationToken cancellation) =>
        EndAsync(document, row => row.Attempts -= counts ? 0 : 1, retryAfter, resetAttempts: false, cancellation);

    private Task<bool> EndAsync(Document document, Action<Document> change, Duration? retryAfter, bool resetAttempts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(document);
        return ChangeAsync(document, (row, _) =>
        {
            change(row);
            if (resetAttempts) row.Attempts = 0;
            row.LeaseId = null;
            row.LeasedUntil = retryAfter is { } after ? time.Now + after : null;
            return Task.CompletedTask;
        }, cancellation);
    }

    private Task<bool> ChangeAsync(Document document, Func<Document, CancellationToken, Task> change, CancellationToken cancellation) =>
        context.InTransactionAsync(async cancel =>
        {
            var row = await context.LockDocumentAsync(document.Id, cancel);
            if (row is null || row.LeaseId != document.LeaseId) throw new LeaseLostException();

            await change(row, cancel);
            await context.SaveChangesAsync(cancel);
            return true;
        }, cancellation);

    private IQueryable<Document> Mine(Document document) => context.Documents.Where(d => d.Id == document.Id && d.LeaseId == document.LeaseId);
}
