using NodaTime;
using Xentree.Data;
using Xentree.Domain.Knowledge;

namespace Xentree.Api.Features.Knowledge;

/// <summary>A document in the export of an account.</summary>
internal sealed record DocumentExport
{
    public required Guid Id { get; init; }

    public required Guid? OrganizationId { get; init; }

    public required string Title { get; init; }

    public required string MediaType { get; init; }

    public required long SizeBytes { get; init; }

    public required string Language { get; init; }

    public required DocumentStatus Status { get; init; }

    public required string? Failure { get; init; }

    public required Instant CreatedAt { get; init; }

    public static IQueryable<DocumentExport> Of(XentreeDbContext context, Guid userId) =>
        context.Documents.Where(d => d.UserId == userId).Select(d => new DocumentExport
        {
            Id = d.Id,
            OrganizationId = d.OrganizationId,
            Title = d.Title,
            MediaType = d.MediaType,
            SizeBytes = d.SizeBytes,
            Language = d.Language,
            Status = d.Status,
            Failure = d.Failure,
            CreatedAt = d.CreatedAt,
        });
}

/// <summary>A passage in the export of an account: the words of its documents.</summary>
internal sealed record DocumentChunkExport
{
    public required Guid Id { get; init; }

    public required Guid DocumentId { get; init; }

    public required int Ordinal { get; init; }

    public required string? Heading { get; init; }

    public required int? Page { get; init; }

    public required string Content { get; init; }

    public static IQueryable<DocumentChunkExport> Of(XentreeDbContext context, Guid userId) =>
        context.DocumentChunks.Where(c => context.Documents.Any(d => d.Id == c.DocumentId && d.UserId == userId)).Select(c => new DocumentChunkExport
        {
            Id = c.Id,
            DocumentId = c.DocumentId,
            Ordinal = c.Ordinal,
            Heading = c.Heading,
            Page = c.Page,
            Content = c.Content,
        });
}
