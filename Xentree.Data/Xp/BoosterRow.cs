using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Accounts;

namespace Xentree.Data.Xp;

/// <summary>Award: a booster that a quest earned (rule Q4).</summary>
public sealed class BoosterRow
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose booster.</summary>
    public required Guid UserId { get; init; }

    /// <summary>What the base is multiplied by.</summary>
    public required decimal Multiplier { get; init; }

    /// <summary>After when it holds.</summary>
    public required Instant StartsAt { get; init; }

    /// <summary>Before when it holds.</summary>
    public required Instant EndsAt { get; init; }
}

internal sealed class BoosterConfiguration : IEntityTypeConfiguration<BoosterRow>
{
    public void Configure(EntityTypeBuilder<BoosterRow> booster)
    {
        booster.ToTable("boosters");
        booster.HasOne<User>().WithMany().HasForeignKey(b => b.UserId);
        booster.HasIndex(b => new { b.UserId, b.EndsAt });
        booster.Property(b => b.Multiplier).HasPrecision(5, 2);
    }
}
