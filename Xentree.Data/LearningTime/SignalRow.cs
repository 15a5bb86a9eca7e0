using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Accounts;
using Xentree.Domain.LearningTime;

namespace Xentree.Data.LearningTime;

/// <summary>Input: a signal of a conversation's learning session (rule X2). It outlives its conversation, because what was learned was learned.</summary>
public sealed class SignalRow
{
    /// <summary>The id; a session goes by the id of its first recorded signal.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who learned.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The conversation.</summary>
    public required Guid ConversationId { get; init; }

    /// <summary>What was told, as it was accepted.</summary>
    public required SignalKind Kind { get; init; }

    /// <summary>When it happened.</summary>
    public required Instant OccurredAt { get; init; }

    /// <summary>When it was received.</summary>
    public required Instant ReceivedAt { get; init; }

    /// <summary>The local day on which it happened, in the zone then in force.</summary>
    public required LocalDate Date { get; init; }

    /// <summary>Whether it was told more than 72 hours late: then its time counts as it arrived (rule D6).</summary>
    public required bool IsBelated { get; init; }

    /// <summary>Whether it is the whole answer to a message of the learner: a turn of the day (rule Q3).</summary>
    public bool IsAnswer { get; init; }

    /// <summary>The number of the input.</summary>
    public required long Order { get; init; }

    /// <summary>The signal as the rules know it.</summary>
    public SessionSignal ToSignal() => new(Id, Kind, OccurredAt);
}

/// <summary>Input: seconds that a belated signal claimed. They count in the instant of their arrival, and not where they lie (rule D6).</summary>
public sealed class BelatedTimeRow
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who learned.</summary>
    public required Guid UserId { get; init; }

    /// <summary>When it was told.</summary>
    public required Instant ReceivedAt { get; init; }

    /// <summary>The local day on which it was told.</summary>
    public required LocalDate Date { get; init; }

    /// <summary>The first of them.</summary>
    public required Instant StartsAt { get; init; }

    /// <summary>The first instant after them.</summary>
    public required Instant EndsAt { get; init; }

    /// <summary>The time as the rules know it.</summary>
    public BelatedTime ToBelatedTime() => new(ReceivedAt, EndsAt - StartsAt);
}

internal sealed class SignalConfiguration : IEntityTypeConfiguration<SignalRow>, IEntityTypeConfiguration<BelatedTimeRow>
{
    public void Configure(EntityTypeBuilder<SignalRow> signal)
    {
        signal.ToTable("session_signals");
        signal.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
        signal.HasIndex(s => new { s.UserId, s.OccurredAt });
        signal.HasIndex(s => new { s.UserId, s.ConversationId, s.OccurredAt });
    }

    public void Configure(EntityTypeBuilder<BelatedTimeRow> belated)
    {
        belated.ToTable("belated_time");
        belated.HasOne<User>().WithMany().HasForeignKey(b => b.UserId);
        belated.HasIndex(b => new { b.UserId, b.ReceivedAt });
    }
}
