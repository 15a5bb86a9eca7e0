using NodaTime;
using Xentree.Domain.LearningTime;

namespace Xentree.Domain.Live;

/// <summary>Where a live session stands.</summary>
public enum LiveStatus
{
    /// <summary>It goes on.</summary>
    Active,

    /// <summary>The learner ended it, or its quota did.</summary>
    Ended,

    /// <summary>Its lease ran out.</summary>
    Expired,
}

/// <summary>How a session finished: written once, never changed.</summary>
/// <param name="Status"><see cref="LiveStatus.Ended"/> or <see cref="LiveStatus.Expired"/>.</param>
/// <param name="At">The instant that it is charged to.</param>
/// <param name="ExpiresAt">When its quota would have ended, as it was last said.</param>
public sealed record LiveFinish(LiveStatus Status, Instant At, Instant ExpiresAt);

/// <summary>
/// A live session (L1 to L5): a lease that heartbeats and handled frames renew, charged by server time from its start on. It is
/// its stored facts; every answer is a function of them, of the present and of the plan's quota, so it does not matter who settles
/// it, or when, or how often. Seconds charged are the floor of the whole, and a later month's are the whole less the earlier's floor.
/// </summary>
/// <param name="StartedAt">When it started.</param>
/// <param name="UsedBefore">Seconds of its first month that earlier sessions were charged.</param>
/// <param name="HeartbeatAt">The last heartbeat, at first the start.</param>
/// <param name="FrameAt">The last frame that the server handled, if any.</param>
/// <param name="Finish">How it finished, once it has.</param>
public sealed record LiveSession(
    Instant StartedAt, long UsedBefore, Instant HeartbeatAt, Instant? FrameAt = null, LiveFinish? Finish = null)
{
    /// <summary>Where it stands by its facts: <see cref="SettledAt"/> brings them up to the present.</summary>
    public LiveStatus Status => Finish?.Status ?? LiveStatus.Active;

    /// <summary>The instant that it is charged to: while it is active its last heartbeat or frame, so the charge never falls.</summary>
    public Instant ChargedTo => Finish?.At ?? RenewedAt;

    /// <summary>Whole seconds that it is charged in all.</summary>
    public long ChargedSeconds => SecondsUntil(ChargedTo);

    private Instant RenewedAt => Instant.Max(HeartbeatAt, FrameAt ?? HeartbeatAt);

    /// <summary>
    /// Starts a session, or does not when less than a second is left. Whether another is active is the caller's to know, with that
    /// one settled and charged before: one active session a user is a unique index.
    /// </summary>
    /// <param name="now">The present.</param>
    /// <param name="quota">The present month's quota.</param>
    public static LiveSession? Start(Instant now, LiveQuota quota)
    {
        if (quota.Month != LiveQuota.MonthOf(now)) throw new ArgumentException("It is another month's quota.", nameof(quota));
        return quota.RemainingSeconds < 1 ? null : new LiveSession(now, quota.UsedSeconds, HeartbeatAt: now);
    }

    /// <summary>
    /// When its quota ends: at its start plus what was left then when that is before the month's end, else at the month's end plus
    /// the next month's quota (L2). Of a finished session it stands still.
    /// </summary>
    /// <param name="quotaSeconds">A month's quota of the present plan.</param>
    public Instant ExpiresAt(long quotaSeconds)
    {
        if (Finish is not null) return Finish.ExpiresAt;
        var end = StartedAt + Duration.FromSeconds(Math.Max(0, quotaSeconds - UsedBefore));
        var monthEnd = LiveQuota.StartOf(LiveQuota.MonthOf(StartedAt).PlusMonths(1));
        return end < monthEnd ? end : monthEnd + Duration.FromSeconds(quotaSeconds);
    }

    /// <summary>
    /// This session as it stands at an instant: finished when its quota's end or its lease's has passed, by whichever came first (L3).
    /// Settled before a plan changes, it keeps the plan's end that it had.
    /// </summary>
    /// <param name="now">The present.</param>
    /// <param name="quotaSeconds">A month's quota of the present plan.</param>
    /// <param name="rules">The rules in force.</param>
    public LiveSession SettledAt(Instant now, long quotaSeconds, LiveRules rules)
    {
        if (Finish is not null) return this;
        var expiresAt = ExpiresAt(quotaSeconds);
        // A smaller plan may put its quota's end into the past, but what is used stays used.
        var quotaEnd = Instant.Max(expiresAt, RenewedAt);
        var leaseEnd = RenewedAt + Duration.FromSeconds(rules.LeaseSeconds);
        // The lease still holds at its end and the quota does not, so of two that end together the quota's end comes first.
        if (quotaEnd <= leaseEnd)
            return now < quotaEnd ? this : this with { Finish = new LiveFinish(LiveStatus.Ended, quotaEnd, expiresAt) };
        return now <= leaseEnd ? this : this with { Finish = new LiveFinish(LiveStatus.Expired, RenewedAt, expiresAt) };
    }

    /// <summary>This session after a heartbeat: renewed, or finished (<c>session_ended</c>).</summary>
    /// <param name="now">When it was received.</param>
    /// <param name="quotaSeconds">A month's quota of the present plan.</param>
    /// <param name="rules">The rules in force.</param>
    public LiveSession Heartbeat(Instant now, long quotaSeconds, LiveRules rules)
    {
        var session = SettledAt(now, quotaSeconds, rules);
        return session.Finish is null ? session with { HeartbeatAt = Instant.Max(now, HeartbeatAt) } : session;
    }

    /// <summary>This session after a frame that the server handled: renewed, or finished.</summary>
    /// <param name="now">When it was handled.</param>
    /// <param name="quotaSeconds">A month's quota of the present plan.</param>
    /// <param name="rules">The rules in force.</param>
    public LiveSession Frame(Instant now, long quotaSeconds, LiveRules rules)
    {
        var session = SettledAt(now, quotaSeconds, rules);
        return session.Finish is null ? session with { FrameAt = Instant.Max(now, FrameAt ?? now) } : session;
    }

    /// <summary>This session after the learner ended it; ending a finished one changes nothing (L5).</summary>
    /// <param name="now">The present.</param>
    /// <param name="quotaSeconds">A month's quota of the present plan.</param>
    /// <param name="rules">The rules in force.</param>
    public LiveSession End(Instant now, long quotaSeconds, LiveRules rules)
    {
        var session = SettledAt(now, quotaSeconds, rules);
        if (session.Finish is not null) return session;
        return session with { Finish = new LiveFinish(LiveStatus.Ended, Instant.Max(now, RenewedAt), ExpiresAt(quotaSeconds)) };
    }

    /// <summary>Seconds that it is charged in a month (L1).</summary>
    /// <param name="month">A month.</param>
    public long ChargedIn(YearMonth month) =>
        SecondsUntil(LiveQuota.StartOf(month.PlusMonths(1))) - SecondsUntil(LiveQuota.StartOf(month));

    // Whole seconds of it before an instant.
    private long SecondsUntil(Instant instant) =>
        WholeSeconds.Floor(Duration.Max(Duration.Zero, Instant.Min(instant, ChargedTo) - StartedAt));
}
