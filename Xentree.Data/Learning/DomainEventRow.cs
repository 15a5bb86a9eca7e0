using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Accounts;

namespace Xentree.Data.Learning;

/// <summary>Something that happened to a learner and that others may be told of (rule S12): recorded once, in the transaction that made it so.</summary>
public sealed class DomainEventRow
{
    /// <summary>The id, by the real clock: the order of recording.</summary>
    public required Guid Id { get; init; }

    /// <summary>The learner.</summary>
    public required Guid UserId { get; init; }

    /// <summary>What happened, such as <c>streak.broken</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Its particulars, as JSON.</summary>
    public required string Payload { get; init; }

    /// <summary>When it happened, by the learner's business clock.</summary>
    public required Instant OccurredAt { get; init; }

    /// <summary>When it was recorded, by the real clock.</summary>
    public required Instant RecordedAt { get; init; }
}

internal sealed class DomainEventConfiguration : IEntityTypeConfiguration<DomainEventRow>
{
    public void Configure(EntityTypeBuilder<DomainEventRow> happened)
    {
        happened.ToTable("domain_events");
        happened.HasOne<User>().WithMany().HasForeignKey(e => e.UserId);
        happened.HasIndex(e => new { e.UserId, e.Id });
        happened.Property(e => e.Payload).HasColumnType("jsonb");
    }
}
