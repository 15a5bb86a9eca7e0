using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Accounts;

namespace Xentree.Data.Ai;

/// <summary>What a user had answered by a provider on a day, inside an organization or on their own: every call counts, the free ones too.</summary>
public sealed class AiUsage
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who asked.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The organization of the key that was used; it may have gone since.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>The id of the provider.</summary>
    public required string Provider { get; init; }

    /// <summary>The day in UTC, by the real clock: the day by which providers bill.</summary>
    public required LocalDate Day { get; init; }

    /// <summary>Calls of the provider, those that failed included.</summary>
    public long Calls { get; init; }

    /// <summary>Tokens that were sent.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens of answers.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>What it cost by the prices in the settings, in millionths of the currency unit.</summary>
    public long Cost { get; init; }
}

/// <summary>What a user has used of a day's budget of tokens, and what calls that are under way may use of it.</summary>
public sealed class AiBudget
{
    /// <summary>Whose budget.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The day in UTC, by the real clock.</summary>
    public required LocalDate Day { get; init; }

    /// <summary>Tokens used.</summary>
    public long Used { get; init; }

    /// <summary>The sum of the day's <see cref="AiReservation"/>s.</summary>
    public long Reserved { get; init; }
}

/// <summary>Tokens that a call under way may use: a lease, which a process that was killed gives back by its end.</summary>
public sealed class AiReservation
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose budget.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The day of the budget.</summary>
    public required LocalDate Day { get; init; }

    /// <summary>How many.</summary>
    public required long Tokens { get; init; }

    /// <summary>The end of the lease.</summary>
    public required Instant ExpiresAt { get; init; }
}

internal sealed class AiUsageConfiguration : IEntityTypeConfiguration<AiUsage>, IEntityTypeConfiguration<AiBudget>, IEntityTypeConfiguration<AiReservation>
{
    public void Configure(EntityTypeBuilder<AiUsage> usage)
    {
        usage.ToTable("ai_usage");
        usage.HasOne<User>().WithMany().HasForeignKey(u => u.UserId);
        usage.HasIndex(u => new { u.UserId, u.Day, u.Provider, u.OrganizationId }).IsUnique().AreNullsDistinct(false);
    }

    public void Configure(EntityTypeBuilder<AiBudget> budget)
    {
        budget.ToTable("ai_budgets", table => table.HasCheckConstraint("ck_ai_budgets_not_negative", "used >= 0 and reserved >= 0"));
        budget.HasKey(b => new { b.UserId, b.Day });
        budget.HasOne<User>().WithMany().HasForeignKey(b => b.UserId);
    }

    public void Configure(EntityTypeBuilder<AiReservation> reservation)
    {
        reservation.ToTable("ai_reservations");
        reservation.HasOne<AiBudget>().WithMany().HasForeignKey(r => new { r.UserId, r.Day });
    }
}
