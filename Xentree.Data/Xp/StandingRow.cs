using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Accounts;
using Xentree.Data.Organizations;

namespace Xentree.Data.Xp;

/// <summary>Award: a member's place in the ranking of a week that is closed. What is recorded later changes XP, but not who won.</summary>
public sealed class StandingRow
{
    /// <summary>The organization.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The Sunday of the week.</summary>
    public required LocalDate WeekStart { get; init; }

    /// <summary>The member, who may have left since.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The place, from 1, shared by equals.</summary>
    public required long Rank { get; init; }

    /// <summary>XP of the week when it was closed.</summary>
    public required long Xp { get; init; }
}

internal sealed class StandingConfiguration : IEntityTypeConfiguration<StandingRow>
{
    public void Configure(EntityTypeBuilder<StandingRow> standing)
    {
        standing.ToTable("leaderboard_standings");
        standing.HasKey(s => new { s.OrganizationId, s.WeekStart, s.UserId });
        standing.HasOne<Organization>().WithMany().HasForeignKey(s => s.OrganizationId);
        standing.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
    }
}
