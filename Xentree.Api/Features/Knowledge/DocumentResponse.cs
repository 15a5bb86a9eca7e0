using System.Linq.Expressions;
using NodaTime;
using Xentree.Data.Knowledge;
using Xentree.Domain.Knowledge;

namespace Xentree.Api.Features.Knowledge;

/// <summary>A document of the knowledge base.</summary>
public sealed record DocumentResponse : IExample<DocumentResponse>
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>What it is, by its content.</summary>
    public required string MediaType { get; init; }

    /// <summary>How large the file is.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The organization that it is shared with; null for a private one.</summary>
    public required Guid? OrganizationId { get; init; }

    /// <summary>How far it is; it can be found once it is <c>ready</c>.</summary>
    public required DocumentStatus Status { get; init; }

    /// <summary>How much of the work is done, in percent.</summary>
    public required int Progress { get; init; }

    /// <summary>Why it could not be read, as a sentence; null otherwise.</summary>
    public required string? Failure { get; init; }

    /// <summary>How many passages it was split into.</summary>
    public required int ChunkCount { get; init; }

    /// <summary>When it was uploaded.</summary>
    public required Instant CreatedAt { get; init; }

    /// <inheritdoc/>
    public static DocumentResponse Example { get; } = new()
    {
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2e01"),
        Title = "Getting around London",
        MediaType = DocumentTypes.Pdf,
        SizeBytes = 184_320,
        OrganizationId = null,
        Status = DocumentStatus.Processing,
        Progress = 0,
        Failure = null,
        ChunkCount = 0,
        CreatedAt = Instant.FromUtc(2026, 3, 4, 9, 15),
    };

    internal static Expression<Func<Document, DocumentResponse>> Of { get; } = document => new DocumentResponse
    {
        Id = document.Id,
        Title = document.Title,
        MediaType = document.MediaType,
        SizeBytes = document.SizeBytes,
        OrganizationId = document.OrganizationId,
        Status = document.Status,
        Progress = document.Progress,
        Failure = document.Failure,
        ChunkCount = document.ChunkCount,
        CreatedAt = document.CreatedAt,
    };

    internal static Func<Document, DocumentResponse> From { get; } = Of.Compile();
}
