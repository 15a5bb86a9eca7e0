using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.Paging;
using Xentree.Data;
using Xentree.Data.Knowledge;

namespace Xentree.Api.Features.Knowledge;

/// <summary>A passage of a document.</summary>
public sealed record DocumentChunkResponse : IExample<DocumentChunkResponse>
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its place in the document, from 0.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The headings above it, outermost first; null where there are none.</summary>
    public required string? Heading { get; init; }

    /// <summary>The page on which it begins, from 1; null where the format has no pages.</summary>
    public required int? Page { get; init; }

    /// <summary>Its words, as they stand in the document.</summary>
    public required string Content { get; init; }

    /// <summary>About how many tokens a model sees in it.</summary>
    public required int Tokens { get; init; }

    /// <inheritdoc/>
    public static DocumentChunkResponse Example { get; } = new()
    {
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2e02"),
        Ordinal = 3,
        Heading = "By train › The Underground",
        Page = 2,
        Content = "The Underground opens at about five in the morning.",
        Tokens = 11,
    };
}

internal static class ListChunks
{
    public static async Task<Results<Page<DocumentChunkResponse>, Failure>> HandleAsync(
        Guid documentId, Caller caller, PageRequest page, XentreeDbContext context, CancellationToken cancellation)
    {
        if (!await context.DocumentsVisibleTo(caller.Owner).AnyAsync(d => d.Id == documentId, cancellation)) return Failures.NotFound;

        var chunks = context.DocumentChunks.AsNoTracking().Where(c => c.DocumentId == documentId);
        var rows = await chunks
            .Where(c => page.After == null || c.Ordinal > chunks.Where(last => last.Id == page.After).Select(last => (int?)last.Ordinal).FirstOrDefault())
            .Where(c => context.DocumentsVisibleTo(caller.Owner).Any(d => d.Id == c.DocumentId))
            .OrderBy(c => c.Ordinal)
            .Take(page.Limit + 1)
            .Select(c => new DocumentChunkResponse { Id = c.Id, Ordinal = c.Ordinal, Heading = c.Heading, Page = c.Page, Content = c.Content, Tokens = c.Tokens })
            .ToListAsync(cancellation);
        return new Page<DocumentChunkResponse>(page, rows, c => c.Id);
    }
}
