using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Accounts;
using Xentree.Domain.Xp;

namespace Xentree.Data.Xp;

/// <summary>Award: XP that was given. A row is written once, never changed and never deleted (the second law).</summary>
public sealed class XpLedgerRow
{
    /// <summary>The id, by the real clock.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who got it.</summary>
    public required Guid UserId { get; init; }

    /// <summary>What it was given for.</summary>
    public required XpSource Source { get; init; }

    /// <summary>Which one; unique for a user and a source (rule X1).</summary>
    public required string SourceId { get; init; }

    /// <summary>XP before any booster.</summary>
    public required long Base { get; init; }

    /// <summary>The booster that held, or 1 (rule X6).</summary>
    public required decimal Multiplier { get; init; }

    /// <summary>XP given.</summary>
    public required long Amount { get; init; }

    /// <summary>When what it is for happened.</summary>
    public required Instant At { get; init; }

    /// <summary>The local day that it counts for.</summary>
    public required LocalDate Date { get; init; }

    /// <summary>When the input that earned it was received.</summary>
    public required Instant ReceivedAt { get; init; }

    /// <summary>Whether it makes its day active: not when it was told more than 72 hours late (rule D6).</summary>
    public required bool MakesActive { get; init; }
}

internal sealed class XpLedgerConfiguration : IEntityTypeConfiguration<XpLedgerRow>
{
    public void Configure(EntityTypeBuilder<XpLedgerRow> row)
    {
        row.ToTable("xp_ledger");
        row.HasOne<User>().WithMany().HasForeignKey(r => r.UserId);
        row.HasIndex(r => new { r.UserId, r.Source, r.SourceId }).IsUnique();
        row.HasIndex(r => new { r.UserId, r.Id });
        row.HasIndex(r => new { r.UserId, r.At });
        row.Property(r => r.Multiplier).HasPrecision(5, 2);
    }
}
