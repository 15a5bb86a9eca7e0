using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Accounts;

namespace Xentree.Data.Learning;

/// <summary>
/// What is known of a user as a learner. The registration is an input; balances and the longest streak are sums and a high-water mark
/// of awards; the checkpoints are caches from which folds begin. Whoever writes anything of a learner holds this row's lock.
/// </summary>
public sealed class LearnerRow
{
    /// <summary>The account.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Input: when the account was registered, by its business clock.</summary>
    public required Instant RegisteredAt { get; init; }

    /// <summary>Input: the IANA zone that was given then.</summary>
    public required string RegisteredZone { get; init; }

    /// <summary>How many inputs were recorded: each takes the next number, which puts inputs of one instant in order.</summary>
    public long Inputs { get; set; }

    /// <summary>Award: the sum of the XP ledger.</summary>
    public long TotalXp { get; set; }

    /// <summary>Award: the sum of the token ledger.</summary>
    public long Tokens { get; set; }

    /// <summary>Award: the most that any fold showed when its inputs were received.</summary>
    public int LongestStreak { get; set; }

    /// <summary>Award: rows of the ledger that were given for segments.</summary>
    public long SegmentRows { get; set; }

    /// <summary>Cache: the chain's checkpoint as JSON; null for registration.</summary>
    public string? ChainCheckpoint { get; set; }

    /// <summary>Cache: no daily row of before this date is needed to fold the chain from its checkpoint.</summary>
    public LocalDate? ChainFrom { get; set; }

    /// <summary>Cache: the checkpoint of learning time as JSON; null for the beginning.</summary>
    public string? SegmentCheckpoint { get; set; }

    /// <summary>Cache: no signal of before this instant is needed to fold learning time from its checkpoint.</summary>
    public Instant? SignalsFrom { get; set; }

    /// <summary>Award: the trail of dates as it was when something was last announced of it, as JSON; null for registration's (rule S12).</summary>
    public string? Announced { get; set; }

    /// <summary>When the rollover has something to settle: the end of the present day while a streak or quests are open. Null for nobody to settle, and for sandbox users.</summary>
    public Instant? SettleAt { get; set; }
}

internal sealed class LearnerConfiguration : IEntityTypeConfiguration<LearnerRow>
{
    public void Configure(EntityTypeBuilder<LearnerRow> learner)
    {
        learner.ToTable("learners");
        learner.HasKey(l => l.UserId);
        learner.HasOne<User>().WithOne().HasForeignKey<LearnerRow>(l => l.UserId);
        learner.Property(l => l.ChainCheckpoint).HasColumnType("jsonb");
        learner.Property(l => l.SegmentCheckpoint).HasColumnType("jsonb");
        learner.Property(l => l.Announced).HasColumnType("jsonb");
        learner.HasIndex(l => new { l.SettleAt, l.UserId }).HasFilter("settle_at is not null");
        learner.ToTable(t => t.HasCheckConstraint("ck_learners_tokens", "tokens >= 0"));
    }
}
