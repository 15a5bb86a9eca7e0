using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data.Accounts;
using Xentree.Data.Learning;
using Xentree.Domain;
using Xentree.Domain.Live;
using Xentree.Domain.Xp;

namespace Xentree.Data.Live;

/// <summary>
/// The one write path of live sessions: lock the learner, load, settle and fold with the pure rules, save, and tell learning of what was
/// charged. So every interleaving of starts, heartbeats, frames, ends and expiries on any replica is one after another.
/// </summary>
public sealed class LiveSessions(XentreeDbContext context, LearnerQueue queue, LearningWrites learning, LearningRules rules, TimeProvider time)
{
    private static readonly Duration TokenLifetime = Duration.FromSeconds(60);

    /// <summary>Starts a session, after the one before was settled (rules L2, L4).</summary>
    /// <param name="owner">Who starts it.</param>
    /// <param name="type">How it is held.</param>
    /// <param name="language">The language to explain in.</param>
    /// <param name="ticket">The ticket for its socket.</param>
    /// <param name="now">The present of the business clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<LiveOutcome> StartAsync(
        Owner owner, LiveSessionType type, string? language, LiveTicket ticket, Instant now, CancellationToken cancellation)
    {
        using var place = await queue.EnterAsync(owner.UserId, cancellation);
        return await context.InTransactionAsync<LiveOutcome>(async cancel =>
        {
            var learner = await LockAsync(owner.UserId, now, cancel);
            if (await UnfinishedAsync(owner.UserId, cancel) is { } unfinished)
            {
                await SettleAsync(unfinished, learner, Settled, cancel);
                if (unfinished.Status == LiveStatus.Active) return new LiveOutcome.AlreadyActive();
            }

            var month = LiveQuota.MonthOf(learner.Now);
            var use = await context.FindLiveUseAsync(owner.UserId, month, cancel) ?? throw new LearnerNotFoundException();
            if (LiveSession.Start(learner.Now, new LiveQuota(month, learner.QuotaSeconds, use.UsedSeconds)) is not { } started)
                return new LiveOutcome.QuotaExceeded(LiveQuota.StartOf(month.PlusMonths(1)) - learner.Now);

            var (date, order) = await learning.RecordLiveStartAsync(owner.UserId, learner.Now, cancel);
            var row = new LiveSessionRow
            {
                Id = time.NewId(),
                UserId = owner.UserId,
                OrganizationId = owner.OrganizationId,
                Type = type,
                Language = language,
                StartedAt = started.StartedAt,
                Date = date,
                UsedBefore = started.UsedBefore,
                HeartbeatAt = started.HeartbeatAt,
                Status = LiveStatus.Active,
                QuotaSeconds = learner.QuotaSeconds,
                Order = order,
            };
            row.Take(started, learner.QuotaSeconds, learner.IsSandbox, rules.Live);
            context.LiveSessions.Add(row);
            AddToken(row.Id, ticket);
            await context.SaveChangesAsync(cancel);
            return new LiveOutcome.Stands(row);
        }, cancellation);
    }

    /// <summary>Renews the lease of a session (rule L3).</summary>
    /// <param name="owner">Whose session it must be.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="ticket">A further ticket for its socket.</param>
    /// <param name="now">The present of the business clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<LiveOutcome> HeartbeatAsync(Owner owner, Guid sessionId, LiveTicket ticket, Instant now, CancellationToken cancellation) =>
        ActAsync(owner, sessionId, now, Beat, row =>
        {
            if (row.Status == LiveStatus.Active) AddToken(row.Id, ticket);
        }, cancellation);

    /// <summary>Ends a session; ending a finished one changes nothing (rule L5).</summary>
    /// <param name="owner">Whose session it must be.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="now">The present of the business clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<LiveOutcome> EndAsync(Owner owner, Guid sessionId, Instant now, CancellationToken cancellation) =>
        ActAsync(owner, sessionId, now, (session, at, quota) => session.End(at, quota, rules.Live), null, cancellation);

    /// <summary>Settles a session as of an instant: what the worker does when one is due.</summary>
    /// <param name="userId">Whose session it is.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="now">The present.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Whether this finished it.</returns>
    public async Task<bool> ExpireAsync(Guid userId, Guid sessionId, Instant now, CancellationToken cancellation)
    {
        using var place = await queue.EnterAsync(userId, cancellation);
        return await context.InTransactionAsync(async cancel =>
        {
            var learner = await LockAsync(userId, now, cancel);
            if (await context.LiveSessions.SingleOrDefaultAsync(s => s.Id == sessionId && s.FinishedAt == null, cancel) is not { } row) return false;

            await SettleAsync(row, learner, Settled, cancel);
            return row.Status != LiveStatus.Active;
        }, cancellation);
    }

    /// <summary>
    /// Puts an account on another plan. Its active session is settled by the old plan first, so that it keeps an end that it had. Call it in
    /// a transaction, with the learner locked before the account.
    /// </summary>
    /// <param name="user">The account.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="now">The present of the account's clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task ChangePlanAsync(User user, UserPlan plan, Instant now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(user);
        var row = await UnfinishedAsync(user.Id, cancellation);
        var old = new Locked(now, user.SandboxNow is not null, rules.Live.SecondsOf(user.Plan));
        if (row is not null) await SettleAsync(row, old, Settled, cancellation);
        user.Plan = plan;
        if (row is not null) row.Take(row.ToSession(), rules.Live.SecondsOf(plan), old.IsSandbox, rules.Live);
    }

    /// <summary>Brings a session up to an instant and does nothing else.</summary>
    internal LiveSession Settled(LiveSession session, Instant at, long quotaSeconds) => session.SettledAt(at, quotaSeconds, rules.Live);

    /// <summary>A heartbeat.</summary>
    internal LiveSession Beat(LiveSession session, Instant at, long quotaSeconds) => session.Heartbeat(at, quotaSeconds, rules.Live);

    /// <summary>A frame that the server handled.</summary>
    internal LiveSession Frame(LiveSession session, Instant at, long quotaSeconds) => session.Frame(at, quotaSeconds, rules.Live);

    private async Task<LiveOutcome> ActAsync(
        Owner owner, Guid sessionId, Instant now, Func<LiveSession, Instant, long, LiveSession> act, Action<LiveSessionRow>? then, CancellationToken cancellation)
    {
        using var place = await queue.EnterAsync(owner.UserId, cancellation);
        return await context.InTransactionAsync<LiveOutcome>(async cancel =>
        {
            var learner = await LockAsync(owner.UserId, now, cancel);
            if (await context.LiveSessionsOf(owner).SingleOrDefaultAsync(s => s.Id == sessionId, cancel) is not { } row) return new LiveOutcome.NotFound();

            var wasFinished = row.Status != LiveStatus.Active;
            if (!wasFinished) await SettleAsync(row, learner, act, cancel, then);
            return new LiveOutcome.Stands(row, wasFinished);
        }, cancellation);
    }

    /// <summary>Does what an act changes of a session, and all that follows from it, in the open transaction.</summary>
    internal async Task SettleAsync(
        LiveSessionRow row, Locked learner, Func<LiveSession, Instant, long, LiveSession> act, CancellationToken cancellation, Action<LiveSessionRow>? then = null)
    {
        row.Take(act(row.ToSession(), learner.Now, learner.QuotaSeconds), learner.QuotaSeconds, learner.IsSandbox, rules.Live);
        then?.Invoke(row);
        await context.SaveChangesAsync(cancellation);
        if (row.FinishedAt is { } finishedAt)
        {
            await context.LiveTranscripts.Where(t => t.SessionId == row.Id && t.IsOurs)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.SessionEndedAt, finishedAt), cancellation);
        }

        // XP goes by whole minutes (rule X5); what is left of one is learning time too, and told when nothing more can come.
        if (row.ChargedSeconds / LiveMinutes.Seconds > row.RecordedSeconds / LiveMinutes.Seconds
            || (row.Status != LiveStatus.Active && row.ChargedSeconds > row.RecordedSeconds))
            await learning.RecordLiveAsync(row.UserId, row.Id, row.StartedAt + Duration.FromSeconds(row.RecordedSeconds), row.ChargedSeconds, learner.Now, cancellation);
    }

    /// <summary>
    /// Locks the learner: what is read after it is what the lock's last holder committed. A sandbox user's clock goes on to
    /// <paramref name="now"/>, and is what <paramref name="now"/> must not lie before.
    /// </summary>
    /// <param name="userId">The learner.</param>
    /// <param name="now">The present as the caller knows it; null for the account's own.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<Locked> LockAsync(Guid userId, Instant? now, CancellationToken cancellation)
    {
        await context.LockLearnerAsync(userId, cancellation);
        var user = await context.Users.Where(u => u.Id == userId).Select(u => new { u.Plan, u.SandboxNow }).SingleOrDefaultAsync(cancellation)
            ?? throw new LearnerNotFoundException();
        var at = now ?? user.SandboxNow ?? time.Now;
        if (user.SandboxNow < at) await context.AdvanceSandboxClockAsync(userId, at, cancellation);
        return new Locked(user.SandboxNow is { } standsAt ? Instant.Max(at, standsAt) : at, user.SandboxNow is not null, rules.Live.SecondsOf(user.Plan));
    }

    private Task<LiveSessionRow?> UnfinishedAsync(Guid userId, CancellationToken cancellation) =>
        context.LiveSessions.SingleOrDefaultAsync(s => s.UserId == userId && s.FinishedAt == null, cancellation);

    private void AddToken(Guid sessionId, LiveTicket ticket) => context.LiveSocketTokens.Add(new LiveSocketToken
    {
        Hash = ticket.Hash,
        SessionId = sessionId,
        ExpiresAt = time.Now + TokenLifetime,
        SignInSessionId = ticket.SignInSessionId,
        ApiKeyId = ticket.ApiKeyId,
    });

    /// <summary>A learner under their lock.</summary>
    internal readonly record struct Locked(Instant Now, bool IsSandbox, long QuotaSeconds);
}

/// <summary>What became of a request about a session.</summary>
public abstract record LiveOutcome
{
    private LiveOutcome()
    {
    }

    /// <summary>The session as it stands now.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="WasFinished">Whether it was finished before.</param>
    public sealed record Stands(LiveSessionRow Session, bool WasFinished = false) : LiveOutcome;

    /// <summary>404: the owner has no such session.</summary>
    public sealed record NotFound : LiveOutcome;

    /// <summary>409 <c>session_already_active</c>.</summary>
    public sealed record AlreadyActive : LiveOutcome;

    /// <summary>429 <c>live_quota_exceeded</c>.</summary>
    /// <param name="NextIn">How long until the next month begins.</param>
    public sealed record QuotaExceeded(Duration NextIn) : LiveOutcome;
}
