using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Accounts;
using Xentree.Data.Conversations;
using Xentree.Data.Organizations;

namespace Xentree.Data.Live;

/// <summary>Who speaks in a live session.</summary>
public enum LiveRole
{
    /// <summary>The learner.</summary>
    User,

    /// <summary>The tutor.</summary>
    Ai,
}

/// <summary>What was said in a live session: written by the server as the session went, or recorded and saved by a client.</summary>
public sealed class LiveTranscript
{
    /// <summary>What it is called where something without a name needs one.</summary>
    public const string Title = "Live session";

    /// <summary>The id, by the real clock: the order of the list.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The organization whose key started the session; null when the user did.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>The session; null where the client named none.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>Whether the server wrote it: a session has one of these at most.</summary>
    public required bool IsOurs { get; init; }

    /// <summary>When the session started.</summary>
    public required Instant SessionStartedAt { get; init; }

    /// <summary>When it ended; null while it goes on.</summary>
    public Instant? SessionEndedAt { get; set; }

    /// <summary>How many turns it has: the ordinal of the last.</summary>
    public int TurnCount { get; set; }

    /// <summary>When it was stored first.</summary>
    public required Instant CreatedAt { get; init; }
}

/// <summary>One turn of a transcript.</summary>
public sealed class LiveTurn
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The transcript.</summary>
    public required Guid TranscriptId { get; init; }

    /// <summary>Its place in the transcript, from 1.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Who speaks.</summary>
    public required LiveRole Role { get; init; }

    /// <summary>What is said.</summary>
    public required string Text { get; init; }

    /// <summary>When.</summary>
    public required Instant Timestamp { get; init; }

    /// <summary>The client's id of the turn, or of the turn that this replies to: neither is stored twice. Null in what a client saved.</summary>
    public string? TurnId { get; init; }

    /// <summary>Whether it is whole.</summary>
    public MessageStatus Status { get; init; }

    /// <summary>The provider that replied.</summary>
    public string? Provider { get; init; }

    /// <summary>The model that replied.</summary>
    public string? Model { get; init; }
}

internal sealed class LiveTranscriptConfiguration : IEntityTypeConfiguration<LiveTranscript>, IEntityTypeConfiguration<LiveTurn>
{
    public void Configure(EntityTypeBuilder<LiveTranscript> transcript)
    {
        transcript.ToTable("live_transcripts");
        transcript.HasOne<User>().WithMany().HasForeignKey(t => t.UserId);
        // What a learner said stays theirs when the organization goes.
        transcript.HasOne<Organization>().WithMany().HasForeignKey(t => t.OrganizationId).OnDelete(DeleteBehavior.SetNull);
        transcript.HasOne<LiveSessionRow>().WithMany().HasForeignKey(t => t.SessionId).OnDelete(DeleteBehavior.Cascade);
        transcript.HasIndex(t => new { t.UserId, t.Id });
        transcript.HasIndex(t => t.OrganizationId);
        transcript.HasIndex(t => t.SessionId).IsUnique().HasFilter("is_ours").HasDatabaseName("ux_live_transcripts_ours");
    }

    public void Configure(EntityTypeBuilder<LiveTurn> turn)
    {
        turn.ToTable("live_turns");
        turn.HasOne<LiveTranscript>().WithMany().HasForeignKey(t => t.TranscriptId);
        turn.HasIndex(t => new { t.TranscriptId, t.Ordinal }).IsUnique();
        turn.HasIndex(t => new { t.TranscriptId, t.TurnId, t.Role }).IsUnique().HasFilter("turn_id is not null");
    }
}
