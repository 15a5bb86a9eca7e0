using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Accounts;
using Xentree.Data.Organizations;
using Xentree.Domain.Live;

namespace Xentree.Data.Live;

/// <summary>How a live session is held.</summary>
public enum LiveSessionType
{
    /// <summary>By voice.</summary>
    Voice,

    /// <summary>By voice, with a face.</summary>
    Avatar,

    /// <summary>In writing.</summary>
    Text,
}

/// <summary>
/// Input: a live session. Its instants and its finish are facts (<see cref="LiveSession"/>); what it is charged is kept beside them, so that
/// a month is a sum of a few numbers, and when it is due, so that the worker finds it.
/// </summary>
public sealed class LiveSessionRow
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The organization whose key started it; null when the user did.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>How it is held.</summary>
    public required LiveSessionType Type { get; init; }

    /// <summary>The language to explain in; null for the account's.</summary>
    public string? Language { get; init; }

    /// <summary>When it started.</summary>
    public required Instant StartedAt { get; init; }

    /// <summary>The local day on which it started.</summary>
    public required LocalDate Date { get; init; }

    /// <summary>Seconds of its first month that earlier sessions were charged.</summary>
    public required long UsedBefore { get; init; }

    /// <summary>The last heartbeat, at first the start.</summary>
    public required Instant HeartbeatAt { get; set; }

    /// <summary>The last frame that the server handled.</summary>
    public Instant? FrameAt { get; set; }

    /// <summary>Where it stands by its facts.</summary>
    public required LiveStatus Status { get; set; }

    /// <summary>The instant that it is charged to, once it is finished.</summary>
    public Instant? FinishedAt { get; set; }

    /// <summary>When its quota would have ended, as it was last said; once it is finished.</summary>
    public Instant? FinishExpiresAt { get; set; }

    /// <summary>A month's quota as it last answered; it stands still once it is finished.</summary>
    public required long QuotaSeconds { get; set; }

    /// <summary>Whole seconds that it is charged in all.</summary>
    public long ChargedSeconds { get; set; }

    /// <summary>Those of the month in which it started; the others are the next month's.</summary>
    public long FirstMonthSeconds { get; set; }

    /// <summary>When its lease or its quota ends, if nothing renews it; null once it is finished, and for sandbox users.</summary>
    public Instant? DueAt { get; set; }

    /// <summary>Those of the charged seconds that XP, learning time and quests know of. Only the write path of learning changes it.</summary>
    public long RecordedSeconds { get; init; }

    /// <summary>The number of the last input that told of it. Only the write path of learning changes it.</summary>
    public required long Order { get; init; }

    /// <summary>The connection that speaks for it: a later one has taken over from an earlier.</summary>
    public Guid? SocketId { get; set; }

    /// <summary>The session as the rules know it.</summary>
    public LiveSession ToSession() => new(
        StartedAt, UsedBefore, HeartbeatAt, FrameAt, FinishedAt is { } at ? new LiveFinish(Status, at, FinishExpiresAt!.Value) : null);

    /// <summary>Seconds that are left of the month that it is charged to.</summary>
    public long RemainingSeconds
    {
        get
        {
            var session = ToSession();
            var month = LiveQuota.MonthOf(session.ChargedTo);
            var used = session.ChargedIn(month) + (month == LiveQuota.MonthOf(StartedAt) ? UsedBefore : 0);
            return Math.Max(0, QuotaSeconds - used);
        }
    }

    /// <summary>Takes over what the rules say.</summary>
    internal void Take(LiveSession session, long quotaSeconds, bool isSandbox, LiveRules rules)
    {
        if (Status != LiveStatus.Active) return;

        (HeartbeatAt, FrameAt, Status, QuotaSeconds) = (session.HeartbeatAt, session.FrameAt, session.Status, quotaSeconds);
        (FinishedAt, FinishExpiresAt) = (session.Finish?.At, session.Finish?.ExpiresAt);
        (ChargedSeconds, FirstMonthSeconds) = (session.ChargedSeconds, session.ChargedIn(LiveQuota.MonthOf(StartedAt)));
        DueAt = isSandbox || session.Finish is not null
            ? null
            : Instant.Min(Instant.Max(session.ExpiresAt(quotaSeconds), session.ChargedTo), session.ChargedTo + Duration.FromSeconds(rules.LeaseSeconds));
    }
}

/// <summary>A ticket for the socket of a session: it works once, and not for long.</summary>
public sealed class LiveSocketToken
{
    /// <summary>SHA-256 of the token.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>Until when it works, by the real clock.</summary>
    public required Instant ExpiresAt { get; init; }

    /// <summary>The signed-in session that asked for it: when that ends, so does the connection.</summary>
    public Guid? SignInSessionId { get; init; }

    /// <summary>The API key that asked for it.</summary>
    public Guid? ApiKeyId { get; init; }
}

/// <summary>A ticket that is to be stored.</summary>
/// <param name="Hash">SHA-256 of the token.</param>
/// <param name="SignInSessionId">The signed-in session that asks for it.</param>
/// <param name="ApiKeyId">The API key that asks for it.</param>
public sealed record LiveTicket(byte[] Hash, Guid? SignInSessionId = null, Guid? ApiKeyId = null);

internal sealed class LiveSessionConfiguration : IEntityTypeConfiguration<LiveSessionRow>, IEntityTypeConfiguration<LiveSocketToken>
{
    public void Configure(EntityTypeBuilder<LiveSessionRow> session)
    {
        session.ToTable("live_sessions");
        session.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
        // What a learner said stays theirs when the organization goes.
        session.HasOne<Organization>().WithMany().HasForeignKey(s => s.OrganizationId).OnDelete(DeleteBehavior.SetNull);
        session.HasIndex(s => s.OrganizationId);
        session.HasIndex(s => new { s.UserId, s.StartedAt });
        // One active session a user (rule L2), whoever starts another at the same instant.
        session.HasIndex(s => s.UserId).IsUnique().HasFilter("finished_at is null").HasDatabaseName("ux_live_sessions_active");
        session.HasIndex(s => s.DueAt).HasFilter("due_at is not null");
    }

    public void Configure(EntityTypeBuilder<LiveSocketToken> token)
    {
        token.ToTable("live_socket_tokens");
        token.HasKey(t => t.Hash);
        token.HasOne<LiveSessionRow>().WithMany().HasForeignKey(t => t.SessionId);
        token.HasIndex(t => t.SessionId);
        token.HasIndex(t => t.ExpiresAt);
    }
}
