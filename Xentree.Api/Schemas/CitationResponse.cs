using Xentree.Data.Conversations;

namespace Xentree.Api.Schemas;

/// <summary>A passage that an answer rests on.</summary>
public sealed record CitationResponse : IExample<CitationResponse>
{
    /// <summary>The document.</summary>
    public required Guid DocumentId { get; init; }

    /// <summary>The part of the document.</summary>
    public required Guid ChunkId { get; init; }

    /// <summary>The document's title.</summary>
    public required string Title { get; init; }

    /// <summary>Its very words.</summary>
    public required string Quote { get; init; }

    /// <inheritdoc/>
    public static CitationResponse Example { get; } = new()
    {
        DocumentId = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2e01"),
        ChunkId = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2e02"),
        Title = "Getting around London",
        Quote = "The Underground opens at about five in the morning.",
    };

    internal static CitationResponse Of(Citation citation) => new()
    {
        DocumentId = citation.DocumentId,
        ChunkId = citation.ChunkId,
        Title = citation.Title,
        Quote = citation.Quote,
    };
}
