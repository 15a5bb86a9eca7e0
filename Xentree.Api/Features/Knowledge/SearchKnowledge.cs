using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Xentree.Api.Auth;
using Xentree.Api.Retrieval;
using Xentree.Domain.Knowledge;

namespace Xentree.Api.Features.Knowledge;

/// <summary>What is looked for in the knowledge base.</summary>
public sealed record KnowledgeSearchRequest : IExample<KnowledgeSearchRequest>
{
    /// <summary>A question, or words.</summary>
    [Required, Text(1, 2_000)]
    public string Query { get; init; } = "";

    /// <summary>How many passages at the most.</summary>
    [Range(1, 50, ErrorMessage = "must be a number from 1 to 50")]
    public int Limit { get; init; } = 5;

    /// <summary>Only in these documents; absent, in all that the scope names.</summary>
    [MaxLength(1_000, ErrorMessage = "must have at most 1,000 documents")]
    public IReadOnlyList<Guid>? DocumentIds { get; init; }

    /// <summary>Whose documents: <c>mine</c>, those shared with an <c>organization</c> of yours, or <c>all</c> that you may see.</summary>
    public SearchScope Scope { get; init; } = SearchScope.All;

    /// <inheritdoc/>
    public static KnowledgeSearchRequest Example { get; } = new() { Query = "When does the first train leave?", Limit = 5, Scope = SearchScope.All };
}

/// <summary>What was found in the knowledge base.</summary>
public sealed record KnowledgeSearchResponse : IExample<KnowledgeSearchResponse>
{
    /// <summary>The question.</summary>
    public required string Query { get; init; }

    /// <summary>The passages, best first.</summary>
    public required IReadOnlyList<KnowledgeSearchResult> Results { get; init; }

    /// <inheritdoc/>
    public static KnowledgeSearchResponse Example { get; } = new() { Query = KnowledgeSearchRequest.Example.Query, Results = [KnowledgeSearchResult.Example] };
}

/// <summary>A passage that was found.</summary>
public sealed record KnowledgeSearchResult : IExample<KnowledgeSearchResult>
{
    /// <summary>The document.</summary>
    public required Guid DocumentId { get; init; }

    /// <summary>The passage.</summary>
    public required Guid ChunkId { get; init; }

    /// <summary>The document's title.</summary>
    public required string Title { get; init; }

    /// <summary>The passage's words, as they stand in the document.</summary>
    public required string Content { get; init; }

    /// <summary>How well it fits, above 0 and at most 1: its meaning, and the words of the question that it holds. Where no meanings are compared, the words alone.</summary>
    public required double Score { get; init; }

    /// <summary>The page on which it begins, from 1; null where the format has no pages.</summary>
    public required int? Page { get; init; }

    /// <summary>The headings above it, outermost first; null where there are none.</summary>
    public required string? Heading { get; init; }

    /// <inheritdoc/>
    public static KnowledgeSearchResult Example { get; } = new()
    {
        DocumentId = DocumentResponse.Example.Id,
        ChunkId = DocumentChunkResponse.Example.Id,
        Title = DocumentResponse.Example.Title,
        Content = DocumentChunkResponse.Example.Content,
        Score = 0.97,
        Page = DocumentChunkResponse.Example.Page,
        Heading = DocumentChunkResponse.Example.Heading,
    };
}

internal static class SearchKnowledge
{
    public static async Task<Ok<KnowledgeSearchResponse>> HandleAsync(
        KnowledgeSearchRequest request, Caller caller, DocumentReader reader, CancellationToken cancellation)
    {
        var hits = await reader.FindAsync(caller.Owner, request.Query, request.Limit, request.DocumentIds, request.Scope, cancellation);
        return TypedResults.Ok(new KnowledgeSearchResponse
        {
            Query = request.Query,
            Results = [.. hits.Select(hit => new KnowledgeSearchResult
            {
                DocumentId = hit.DocumentId,
                ChunkId = hit.ChunkId,
                Title = hit.Title,
                Content = hit.Content,
                Score = Math.Round(hit.Score, 4),
                Page = hit.Page,
                Heading = hit.Heading,
            })],
        });
    }
}
