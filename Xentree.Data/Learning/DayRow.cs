using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Accounts;

namespace Xentree.Data.Learning;

/// <summary>Aggregate: a local day of a learner. Kept by the transactions that award and record; derivable again from ledger and inputs.</summary>
public sealed class DayRow
{
    /// <summary>The learner.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The local day, as stored with its events.</summary>
    public required LocalDate Date { get; init; }

    /// <summary>XP of the day.</summary>
    public long Xp { get; set; }

    /// <summary>The part of it that the course gave.</summary>
    public long QuizXp { get; set; }

    /// <summary>Ledger rows that segments of the day gave.</summary>
    public int Segments { get; set; }

    /// <summary>What the learner did: sessions begun, turns, attempts, live sessions.</summary>
    public int Activities { get; set; }

    /// <summary>Messages of the learner that were answered and stored in a conversation.</summary>
    public int Turns { get; set; }

    /// <summary>Tasks of the course that were completed for the first time.</summary>
    public int XelTasks { get; set; }

    /// <summary>Learning sessions that began, of every source.</summary>
    public int Sessions { get; set; }

    /// <summary>Learning time that belongs to conversations, in ticks of 100 ns.</summary>
    public long ConversationTicks { get; set; }

    /// <summary>Learning time that belongs to the course, in ticks of 100 ns.</summary>
    public long XelTicks { get; set; }

    /// <summary>Learning time that belongs to live, in ticks of 100 ns.</summary>
    public long LiveTicks { get; set; }

    /// <summary>The earliest instant for which XP was credited that makes the day active; null while it is not active.</summary>
    public Instant? ActiveAt { get; set; }

    /// <summary>The number of the input that made it active at that instant.</summary>
    public long? ActiveOrder { get; set; }
}

internal sealed class DayConfiguration : IEntityTypeConfiguration<DayRow>
{
    public void Configure(EntityTypeBuilder<DayRow> day)
    {
        day.ToTable("learning_days");
        day.HasKey(d => new { d.UserId, d.Date });
        day.HasOne<User>().WithMany().HasForeignKey(d => d.UserId);
    }
}
