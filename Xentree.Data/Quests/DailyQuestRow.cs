using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Accounts;
using Xentree.Domain.Quests;

namespace Xentree.Data.Quests;

/// <summary>Award: a quest that was drawn for a local day, once (rule Q2), with all that it was drawn with.</summary>
public sealed class DailyQuestRow
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose quest.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The local day.</summary>
    public required LocalDate Date { get; init; }

    /// <summary>The catalogue's id.</summary>
    public required string QuestId { get; init; }

    /// <summary>The catalogue's version at the draw.</summary>
    public required int CatalogueVersion { get; init; }

    /// <summary>What it asks for.</summary>
    public required QuestCategory Category { get; init; }

    /// <summary>Its place in the draw, from 0.</summary>
    public required int Ordinal { get; init; }

    /// <summary>What it was called.</summary>
    public required string Title { get; init; }

    /// <summary>What was to be done.</summary>
    public required string Description { get; init; }

    /// <summary>How much, in the unit of the category.</summary>
    public required long Target { get; init; }

    /// <summary>How much is done; never less than before.</summary>
    public long Progress { get; set; }

    /// <summary>The multiplier of its booster.</summary>
    public required decimal RewardMultiplier { get; init; }

    /// <summary>How long that holds, in minutes.</summary>
    public required int RewardDuration { get; init; }

    /// <summary>When it was completed; that stays.</summary>
    public Instant? CompletedAt { get; set; }

    /// <summary>Whether the rollover has closed its day.</summary>
    public bool IsClosed { get; set; }

    /// <summary>The quest as the rules know it.</summary>
    public DailyQuest ToQuest() => new(QuestId, Date, Category, Target, RewardMultiplier, RewardDuration, Progress);
}

internal sealed class DailyQuestConfiguration : IEntityTypeConfiguration<DailyQuestRow>
{
    public void Configure(EntityTypeBuilder<DailyQuestRow> quest)
    {
        quest.ToTable("daily_quests");
        quest.HasOne<User>().WithMany().HasForeignKey(q => q.UserId);
        quest.HasIndex(q => new { q.UserId, q.Date, q.Category }).IsUnique();
        quest.Property(q => q.RewardMultiplier).HasPrecision(5, 2);
    }
}
