using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Accounts;

namespace Xentree.Data.Xp;

/// <summary>Why tokens came or went.</summary>
public enum TokenReason
{
    /// <summary>A quest was completed (rule Q4).</summary>
    Quest,

    /// <summary>A level was reached (rule Q6).</summary>
    Level,

    /// <summary>A saver was bought (rule S8).</summary>
    Saver,
}

/// <summary>Award: tokens that were given or spent.</summary>
public sealed class TokenLedgerRow
{
    /// <summary>The id, by the real clock.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose tokens.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Why.</summary>
    public required TokenReason Reason { get; init; }

    /// <summary>Which quest, level or purchase; unique for a user and a reason.</summary>
    public required string SourceId { get; init; }

    /// <summary>Tokens: above 0 when they came, below when they went.</summary>
    public required long Amount { get; init; }

    /// <summary>When.</summary>
    public required Instant At { get; init; }
}

internal sealed class TokenLedgerConfiguration : IEntityTypeConfiguration<TokenLedgerRow>
{
    public void Configure(EntityTypeBuilder<TokenLedgerRow> row)
    {
        row.ToTable("token_ledger");
        row.HasOne<User>().WithMany().HasForeignKey(r => r.UserId);
        row.HasIndex(r => new { r.UserId, r.Reason, r.SourceId }).IsUnique();
        row.HasIndex(r => new { r.UserId, r.Id });
    }
}
