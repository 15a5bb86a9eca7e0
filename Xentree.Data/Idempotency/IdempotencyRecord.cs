using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;

namespace Xentree.Data.Idempotency;

/// <summary>The answer that was given to an <c>Idempotency-Key</c>, or the lease of the request that is working on it.</summary>
public sealed class IdempotencyRecord
{
    /// <summary>SHA-256 of caller and key; the key itself is not stored.</summary>
    public required byte[] KeyHash { get; init; }

    /// <summary>SHA-256 of method, path, media type and body.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>Whose lease it is: a request that lost its lease must not answer for the one that took over.</summary>
    public required Guid LeaseId { get; init; }

    /// <summary>Until when the request in progress is waited for.</summary>
    public required Instant LeaseUntil { get; init; }

    /// <summary>Status, headers and body, encrypted under a key that only the holder of the idempotency key can derive; null while in progress.</summary>
    public byte[]? Answer { get; init; }

    /// <summary>When the record may be deleted.</summary>
    public required Instant ExpiresAt { get; init; }
}

internal sealed class IdempotencyRecordConfiguration : IEntityTypeConfiguration<IdempotencyRecord>
{
    public void Configure(EntityTypeBuilder<IdempotencyRecord> record)
    {
        record.ToTable("idempotency_records");
        record.HasKey(r => r.KeyHash);
        record.HasIndex(r => r.ExpiresAt);
    }
}
