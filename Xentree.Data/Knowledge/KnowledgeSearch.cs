using Microsoft.EntityFrameworkCore;
using Xentree.Domain.Knowledge;

namespace Xentree.Data.Knowledge;

/// <summary>What is looked for.</summary>
/// <param name="Text">The question, in words.</param>
/// <param name="Vector">The question's meaning; null where no model could take it: then words alone are compared.</param>
/// <param name="Limit">How many passages are wanted.</param>
/// <param name="DocumentIds">Only in these documents; null for all in scope.</param>
/// <param name="Scope">Whose documents are searched.</param>
public sealed record KnowledgeQuestion(
    string Text, QuestionVector? Vector, int Limit, IReadOnlyCollection<Guid>? DocumentIds = null, SearchScope Scope = SearchScope.All);

/// <summary>The meaning of a question.</summary>
/// <param name="Model">The model that made it: only vectors of the same model are compared.</param>
/// <param name="Values">The vector, of length 1.</param>
public sealed record QuestionVector(string Model, float[] Values);

/// <summary>A passage that was found.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="ChunkId">The passage.</param>
/// <param name="Title">The document's title.</param>
/// <param name="Content">The passage's words.</param>
/// <param name="Score">How well it fits, above 0 and at most 1.</param>
/// <param name="Page">The page on which it begins.</param>
/// <param name="Heading">The headings above it.</param>
/// <param name="Similarity">The cosine between question and passage; null where their meanings were not compared or it was not among the nearest.</param>
/// <param name="WordShare">The share of the question's words that it holds, rare ones for more; 0 where it was not found by words.</param>
public sealed record KnowledgeHit(
    Guid DocumentId, Guid ChunkId, string Title, string Content, double Score, int? Page, string? Heading, double? Similarity, double WordShare);

/// <summary>A document that a search goes through, as the query that lets the caller see it read it.</summary>
internal sealed record SearchedDocument(Guid Id, string Language, int Version, int ChunkCount);

/// <summary>
/// Searches documents by words and by meaning, and fuses what both find. Who may see what is a part of the query that says which documents
/// are searched, and once more of the one that reads the passages that are shown.
/// </summary>
public sealed class KnowledgeSearch(XentreeDbContext context, VectorCache cache)
{
    /// <summary>How many passages each way of searching may put forward.</summary>
    private const int Candidates = 50;

    /// <summary>Finds passages in the documents that somebody may see, best first.</summary>
    public async Task<IReadOnlyList<KnowledgeHit>> FindAsync(Owner owner, KnowledgeQuestion question, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        var visible = context.DocumentsVisibleTo(owner, question.Scope).AsNoTracking().Where(d => d.Status == DocumentStatus.Ready);
        if (question.DocumentIds is { } only) visible = visible.Where(d => only.Contains(d.Id));

        var documents = await visible.Select(d => new SearchedDocument(d.Id, d.Language, d.IndexVersion, d.ChunkCount)).ToListAsync(cancellation);
        if (documents.Count == 0) return [];

        var candidates = Math.Max(Candidates, question.Limit * 2);
        var vectors = new VectorSearch(context, cache);
        // The database compares words while this process compares vectors.
        var scan = question.Vector is null ? null : vectors.BeginAsync(documents, question.Vector, candidates, cancellation);
        var byWords = await new WordSearch(context).FindAsync(documents, question.Text, candidates, cancellation);
        var byMeaning = scan is null ? [] : await vectors.EndAsync(await scan, cancellation);

        var nearest = byMeaning.Select(hit => (hit.Id, (double)hit.Similarity)).ToList();
        var shares = byWords.ToDictionary(hit => hit.Id, hit => hit.Share);
        return await ReadAsync(visible, HybridScore.Fuse(byWords, nearest), shares, nearest.ToDictionary(), question.Limit, cancellation);
    }

    private async Task<IReadOnlyList<KnowledgeHit>> ReadAsync(
        IQueryable<Document> visible,
        IReadOnlyList<(Guid Id, double Score)> fused,
        Dictionary<Guid, double> shares,
        Dictionary<Guid, double> similarities,
        int limit,
        CancellationToken cancellation)
    {
        var hits = new List<KnowledgeHit>(limit);
        // A candidate may have gone since; the next one takes its place.
        foreach (var batch in fused.Chunk(limit))
        {
            var ids = batch.Select(hit => hit.Id).ToList();
            var rows = await context.DocumentChunks.AsNoTracking()
                .Where(chunk => ids.Contains(chunk.Id))
                .Join(visible, chunk => chunk.DocumentId, document => document.Id, (chunk, document) => new { Chunk = chunk, document.Title })
                .ToDictionaryAsync(row => row.Chunk.Id, cancellation);
            foreach (var (id, score) in batch)
            {
                if (!rows.TryGetValue(id, out var row)) continue;

                double? similarity = similarities.TryGetValue(id, out var cosine) ? cosine : null;
                hits.Add(new(row.Chunk.DocumentId, id, row.Title, row.Chunk.Content, score, row.Chunk.Page, row.Chunk.Heading, similarity, shares.GetValueOrDefault(id)));
                if (hits.Count == limit) return hits;
            }
        }

        return hits;
    }
}
