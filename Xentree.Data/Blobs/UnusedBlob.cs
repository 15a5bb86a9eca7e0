using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;

namespace Xentree.Data.Blobs;

/// <summary>
/// A blob that no row refers to, to be deleted by the worker. Storage takes no part in a transaction, so a blob is listed here
/// <em>before</em> it is written, and taken off the list in the transaction that refers to it; it is listed again in the transaction
/// that lets it go. Thus a process that is killed at any point, or a storage that is down, leaves no blob behind.
/// </summary>
public sealed class UnusedBlob
{
    /// <summary>The container; see <see cref="BlobContainers"/>.</summary>
    public required string Container { get; init; }

    /// <summary>The name in it.</summary>
    public required string Name { get; init; }

    /// <summary>When it may be deleted, by the real clock.</summary>
    public required Instant DeleteAfter { get; init; }
}

/// <summary>The containers of blob storage.</summary>
public static class BlobContainers
{
    /// <summary>Profile pictures.</summary>
    public const string Pictures = "pictures";

    /// <summary>Documents of the knowledge base.</summary>
    public const string Documents = "documents";
}

internal sealed class UnusedBlobConfiguration : IEntityTypeConfiguration<UnusedBlob>
{
    public void Configure(EntityTypeBuilder<UnusedBlob> blob)
    {
        blob.ToTable("unused_blobs");
        blob.HasKey(b => new { b.Container, b.Name });
        blob.HasIndex(b => b.DeleteAfter);
    }
}
