using NodaTime;
using NpgsqlTypes;
using Xentree.Domain.Knowledge;

namespace Xentree.Data.Knowledge;

/// <summary>A file that somebody uploaded, and how far it is understood.</summary>
public sealed class Document
{
    /// <summary>The id, by the real clock: the order of the list.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The organization that it is shared with; null for a private one.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>What it is; see <see cref="DocumentTypes"/>.</summary>
    public required string MediaType { get; init; }

    /// <summary>How large the file is.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>SHA-256 of the file: by it a duplicate is recognised.</summary>
    public required byte[] Sha256 { get; init; }

    /// <summary>The blob that holds the file.</summary>
    public required string Blob { get; init; }

    /// <summary>The language of its words, as PostgreSQL names it; the account's until the text is known.</summary>
    public required string Language { get; set; }

    /// <summary>How far it is.</summary>
    public DocumentStatus Status { get; set; }

    /// <summary>How much of the work is done, in percent.</summary>
    public int Progress { get; set; }

    /// <summary>Why it cannot be read.</summary>
    public string? Failure { get; set; }

    /// <summary>How many passages it has.</summary>
    public int ChunkCount { get; set; }

    /// <summary>The model in which every passage has its vector; null where some lack theirs.</summary>
    public string? EmbeddingModel { get; set; }

    /// <summary>Grows whenever passages or vectors change: what a cache of them goes by.</summary>
    public int IndexVersion { get; set; }

    /// <summary>How often somebody began to work on it.</summary>
    public int Attempts { get; set; }

    /// <summary>Who works on it.</summary>
    public Guid? LeaseId { get; set; }

    /// <summary>Until when nobody else begins to, by the real clock.</summary>
    public Instant? LeasedUntil { get; set; }

    /// <summary>When it was uploaded.</summary>
    public required Instant CreatedAt { get; init; }
}

/// <summary>A passage of a document.</summary>
public sealed class DocumentChunk
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The document.</summary>
    public required Guid DocumentId { get; init; }

    /// <summary>Its place in the document, from 0.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The headings above it.</summary>
    public string? Heading { get; init; }

    /// <summary>The page on which it begins.</summary>
    public int? Page { get; init; }

    /// <summary>Its words.</summary>
    public required string Content { get; init; }

    /// <summary>About how many tokens it has.</summary>
    public required int Tokens { get; init; }

    /// <summary>The language of its words, as PostgreSQL names it.</summary>
    public required string Language { get; init; }

    /// <summary>The stems of its words, which full text compares; made by the database.</summary>
    public NpgsqlTsVector Search { get; private set; } = null!;
}

/// <summary>The meaning of a passage. In a table of its own: it is read without the words, and replaced without indexing them again.</summary>
public sealed class DocumentVector
{
    /// <summary>The passage.</summary>
    public required Guid ChunkId { get; init; }

    /// <summary>Its document.</summary>
    public required Guid DocumentId { get; init; }

    /// <summary>The model that made it.</summary>
    public required string Model { get; init; }

    /// <summary>Little-endian floats of length 1.</summary>
    public required byte[] Vector { get; init; }
}
