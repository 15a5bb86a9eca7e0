using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Accounts;

namespace Xentree.Data.Streaks;

/// <summary>Input: a saver was bought (rule S8).</summary>
public sealed class SaverPurchaseRow
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who bought it.</summary>
    public required Guid UserId { get; init; }

    /// <summary>When.</summary>
    public required Instant At { get; init; }

    /// <summary>The number of the input.</summary>
    public required long Order { get; init; }
}

/// <summary>Input: another zone came into force (rule D5).</summary>
public sealed class ZoneChangeRow
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who moved.</summary>
    public required Guid UserId { get; init; }

    /// <summary>From when on it is in force.</summary>
    public required Instant At { get; init; }

    /// <summary>Its IANA id.</summary>
    public required string Zone { get; init; }

    /// <summary>The number of the input.</summary>
    public required long Order { get; init; }
}

/// <summary>Input: an operator declared that learners could not learn (rule S10).</summary>
public sealed class OutageRow
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its first instant.</summary>
    public required Instant StartsAt { get; init; }

    /// <summary>The first instant after it.</summary>
    public required Instant EndsAt { get; init; }

    /// <summary>What happened, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was declared.</summary>
    public required Instant DeclaredAt { get; init; }

    /// <summary>When it was withdrawn, if it was.</summary>
    public Instant? WithdrawnAt { get; set; }
}

internal sealed class StreakConfiguration :
    IEntityTypeConfiguration<SaverPurchaseRow>, IEntityTypeConfiguration<ZoneChangeRow>, IEntityTypeConfiguration<OutageRow>
{
    public void Configure(EntityTypeBuilder<SaverPurchaseRow> purchase)
    {
        purchase.ToTable("saver_purchases");
        purchase.HasOne<User>().WithMany().HasForeignKey(p => p.UserId);
        purchase.HasIndex(p => new { p.UserId, p.At });
    }

    public void Configure(EntityTypeBuilder<ZoneChangeRow> change)
    {
        change.ToTable("zone_changes");
        change.HasOne<User>().WithMany().HasForeignKey(c => c.UserId);
        change.HasIndex(c => new { c.UserId, c.At });
    }

    // Every fold reads every outage that stands: one that ends before it begins would be everybody's fault.
    public void Configure(EntityTypeBuilder<OutageRow> outage) =>
        outage.ToTable("outages", t => t.HasCheckConstraint("ck_outages_ends", "ends_at > starts_at"));
}
