using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data.Accounts;
using Xentree.Data.Conversations;
using Xentree.Data.Learning;
using Xentree.Data.Search;
using Xentree.Domain;
using Xentree.Domain.Live;

namespace Xentree.Data.Live;

/// <summary>The connection that speaks for a session.</summary>
/// <param name="UserId">Whose session it is.</param>
/// <param name="SessionId">The session.</param>
/// <param name="SocketId">The connection.</param>
/// <param name="SignInSessionId">The signed-in session that it rests on.</param>
/// <param name="ApiKeyId">The API key that it rests on.</param>
public readonly record struct LiveSeat(Guid UserId, Guid SessionId, Guid SocketId, Guid? SignInSessionId, Guid? ApiKeyId);

/// <summary>A seat that was taken.</summary>
/// <param name="Seat">The seat.</param>
/// <param name="Session">The session; finished when there is nothing to talk in any more.</param>
/// <param name="Language">The language to explain in.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Nickname">How the learner is called.</param>
/// <param name="LastTurn">The ordinal of the last stored turn.</param>
/// <param name="SandboxNow">Where a sandbox user's clock stands.</param>
public sealed record LiveSeated(LiveSeat Seat, LiveSessionRow Session, string Language, UserPlan Plan, string? Nickname, int LastTurn, Instant? SandboxNow);

/// <summary>What became of a frame.</summary>
/// <param name="Session">The session as it stands now.</param>
/// <param name="Now">When it was handled.</param>
/// <param name="IsReplaced">Whether another connection speaks for the session: then nothing was done.</param>
/// <param name="IsSignedOut">Whether what the connection rests on has ended: then nothing was done.</param>
/// <param name="Turn">The stored turn; null where none was stored.</param>
/// <param name="IsNew">Whether this stored it.</param>
public sealed record LiveHeard(LiveSessionRow Session, Instant Now, bool IsReplaced, bool IsSignedOut, LiveTurn? Turn = null, bool IsNew = false);

/// <summary>
/// What is said on the socket of a session, and the transcript that is written of it as the session goes: each turn once, in order, in the
/// transaction that charges for it.
/// </summary>
public sealed class LiveTalk(XentreeDbContext context, LearnerQueue queue, LiveSessions sessions, TimeProvider time)
{
    /// <summary>Takes the seat that a token is for. The token works once; whoever had the seat before loses it.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="tokenHash">The hash of the token.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The seat; null where the token is none, or none any more.</returns>
    public Task<LiveSeated?> SitDownAsync(Guid sessionId, byte[] tokenHash, CancellationToken cancellation) =>
        context.InTransactionAsync(async cancel =>
        {
            var tokens = context.LiveSocketTokens.Where(t => t.Hash == tokenHash && t.SessionId == sessionId);
            var userId = await context.LiveSessions.Where(s => tokens.Any(t => t.SessionId == s.Id)).Select(s => s.UserId).SingleOrDefaultAsync(cancel);
            if (userId == Guid.Empty) return null;

            var learner = await sessions.LockAsync(userId, null, cancel);
            var realNow = time.Now;
            var ticket = await tokens.AsNoTracking().SingleOrDefaultAsync(t => t.ExpiresAt > realNow, cancel);
            if (await tokens.ExecuteDeleteAsync(cancel) == 0 || ticket is null) return null;

            var row = await context.LiveSessions.SingleAsync(s => s.Id == sessionId, cancel);
            var seat = new LiveSeat(userId, sessionId, time.NewId(), ticket.SignInSessionId, ticket.ApiKeyId);
            if (!await IsSignedInAsync(seat, cancel)) return null;

            var socketId = seat.SocketId;
            if (row.Status == LiveStatus.Active) await sessions.SettleAsync(row, learner, sessions.Settled, cancel, session => session.SocketId = socketId);
            var user = await context.Users.Where(u => u.Id == userId).Select(u => new { u.Language, u.Plan, u.Nickname, u.SandboxNow }).SingleAsync(cancel);
            var last = await context.LiveTranscripts.Where(t => t.SessionId == sessionId && t.IsOurs).Select(t => t.TurnCount).SingleOrDefaultAsync(cancel);
            return new LiveSeated(seat, row, row.Language ?? user.Language, user.Plan, user.Nickname, last, user.SandboxNow);
        }, cancellation);

    /// <summary>A sign of life: a heartbeat.</summary>
    /// <param name="seat">Who gives it.</param>
    /// <param name="now">The present of the connection's clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<LiveHeard?> PingAsync(LiveSeat seat, Instant now, CancellationToken cancellation) =>
        HearAsync(seat, now, sessions.Beat, null, cancellation);

    /// <summary>Settles the session as of an instant: what the connection does when its time is over.</summary>
    /// <param name="seat">Whose session it is.</param>
    /// <param name="now">The present of the connection's clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<LiveHeard?> SettleAsync(LiveSeat seat, Instant now, CancellationToken cancellation) =>
        HearAsync(seat, now, sessions.Settled, null, cancellation);

    /// <summary>Stores a turn of the learner, once for its id, and renews the lease: a frame that the server handled (rule L3).</summary>
    /// <param name="seat">Who speaks.</param>
    /// <param name="turnId">The client's id of the turn.</param>
    /// <param name="text">What is said.</param>
    /// <param name="now">The present of the connection's clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<LiveHeard?> HearTurnAsync(LiveSeat seat, string turnId, string text, Instant now, CancellationToken cancellation) =>
        HearAsync(seat, now, sessions.Frame, async (row, at, cancel) =>
            await StoreAsync(row, new LiveTurnText(LiveRole.User, turnId, text), at, cancel), cancellation);

    /// <summary>Stores the reply to a turn, once: what was said of it is stored, whoever listens still. It renews nothing.</summary>
    /// <param name="seat">Whose session it is.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="now">The present of the connection's clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The reply that is stored: another's, if that was quicker; null where the account has gone.</returns>
    public async Task<LiveTurn?> StoreReplyAsync(LiveSeat seat, LiveTurnText reply, Instant now, CancellationToken cancellation)
    {
        using var place = await queue.EnterAsync(seat.UserId, cancellation);
        return await context.InTransactionAsync(async cancel =>
        {
            var learner = await sessions.LockAsync(seat.UserId, now, cancel);
            if (await context.LiveSessions.SingleOrDefaultAsync(s => s.Id == seat.SessionId, cancel) is not { } row) return null;

            return (LiveTurn?)(await StoreAsync(row, reply, learner.Now, cancel)).Turn;
        }, cancellation);
    }

    /// <summary>How the session stands by what is stored, and whether what the connection rests on still does; null where it has gone. Nothing is written.</summary>
    /// <param name="seat">Whose session it is.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<(LiveSessionRow Session, Instant? SandboxNow, bool IsSignedOut)?> LookAsync(LiveSeat seat, CancellationToken cancellation)
    {
        var found = await context.LiveSessions.AsNoTracking().Where(s => s.Id == seat.SessionId)
            .Select(s => new { Session = s, SandboxNow = context.Users.Where(u => u.Id == s.UserId).Select(u => u.SandboxNow).FirstOrDefault() })
            .SingleOrDefaultAsync(cancellation);
        return found is null ? null : (found.Session, found.SandboxNow, !await IsSignedInAsync(seat, cancellation));
    }

    /// <summary>Stored turns of a session after a place in it, oldest first.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="after">The ordinal.</param>
    /// <param name="count">How many at the most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<List<LiveTurn>> TurnsAfterAsync(Guid sessionId, int after, int count, CancellationToken cancellation) =>
        TurnsOf(sessionId).Where(t => t.Ordinal > after).OrderBy(t => t.Ordinal).Take(count).ToListAsync(cancellation);

    /// <summary>The turns of a session that lead up to one, that one included, oldest first.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="ordinal">The ordinal of the last.</param>
    /// <param name="count">How many at the most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<List<LiveTurn>> TurnsUpToAsync(Guid sessionId, int ordinal, int count, CancellationToken cancellation)
    {
        var turns = await TurnsOf(sessionId).Where(t => t.Ordinal <= ordinal).OrderByDescending(t => t.Ordinal).Take(count).ToListAsync(cancellation);
        turns.Reverse();
        return turns;
    }

    private IQueryable<LiveTurn> TurnsOf(Guid sessionId) =>
        context.LiveTurns.AsNoTracking().Where(t => context.LiveTranscripts.Any(s => s.Id == t.TranscriptId && s.SessionId == sessionId && s.IsOurs));

    private async Task<LiveHeard?> HearAsync(
        LiveSeat seat,
        Instant now,
        Func<LiveSession, Instant, long, LiveSession> act,
        Func<LiveSessionRow, Instant, CancellationToken, Task<(LiveTurn Turn, bool IsNew)>>? then,
        CancellationToken cancellation)
    {
        using var place = await queue.EnterAsync(seat.UserId, cancellation);
        return await context.InTransactionAsync(async cancel =>
        {
            var learner = await sessions.LockAsync(seat.UserId, now, cancel);
            if (await context.LiveSessions.SingleOrDefaultAsync(s => s.Id == seat.SessionId, cancel) is not { } row) return null;
            if (row.SocketId != seat.SocketId) return new LiveHeard(row, learner.Now, IsReplaced: true, IsSignedOut: false);
            if (!await IsSignedInAsync(seat, cancel)) return new LiveHeard(row, learner.Now, IsReplaced: false, IsSignedOut: true);

            if (row.Status == LiveStatus.Active) await sessions.SettleAsync(row, learner, act, cancel);
            if (then is null || row.Status != LiveStatus.Active) return new LiveHeard(row, learner.Now, IsReplaced: false, IsSignedOut: false);

            var (turn, isNew) = await then(row, learner.Now, cancel);
            return (LiveHeard?)new LiveHeard(row, learner.Now, IsReplaced: false, IsSignedOut: false, turn, isNew);
        }, cancellation);
    }

    // A log-out and a deleted key end what was opened with them.
    private Task<bool> IsSignedInAsync(LiveSeat seat, CancellationToken cancellation)
    {
        var now = time.Now;
        return seat.ApiKeyId is { } key
            ? context.ApiKeys.AnyAsync(k => k.Id == key && (k.ExpiresAt == null || k.ExpiresAt > now), cancellation)
            : context.SignInSessions.AnyAsync(s => s.Id == seat.SignInSessionId && s.EndedAt == null && s.ExpiresAt > now, cancellation);
    }

    // Under the learner's lock: nobody else gives a turn the same place.
    private async Task<(LiveTurn Turn, bool IsNew)> StoreAsync(LiveSessionRow session, LiveTurnText said, Instant at, CancellationToken cancellation)
    {
        var transcript = await context.LiveTranscripts.SingleOrDefaultAsync(t => t.SessionId == session.Id && t.IsOurs, cancellation);
        if (transcript is null)
        {
            context.LiveTranscripts.Add(transcript = new LiveTranscript
            {
                Id = time.NewId(),
                UserId = session.UserId,
                OrganizationId = session.OrganizationId,
                SessionId = session.Id,
                IsOurs = true,
                SessionStartedAt = session.StartedAt,
                SessionEndedAt = session.FinishedAt,
                CreatedAt = at,
            });
        }
        else if (await context.LiveTurns.AsNoTracking().SingleOrDefaultAsync(t => t.TranscriptId == transcript.Id && t.TurnId == said.TurnId && t.Role == said.Role, cancellation) is { } stored)
        {
            return (stored, false);
        }

        transcript.TurnCount++;
        var turn = new LiveTurn
        {
            Id = time.NewId(),
            TranscriptId = transcript.Id,
            Ordinal = transcript.TurnCount,
            Role = said.Role,
            // A provider may say what PostgreSQL cannot store.
            Text = said.Text.Replace('\0', '\uFFFD'),
            Timestamp = at,
            TurnId = said.TurnId,
            Status = said.Status,
            Provider = said.Provider,
            Model = said.Model,
        };
        context.LiveTurns.Add(turn);
        await context.SaveChangesAsync(cancellation);
        await context.IndexAsync(SearchSource.LiveTurns, [turn.Id], cancellation);
        return (turn, true);
    }
}

/// <summary>A turn that is to be stored.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="TurnId">The client's id of the turn, or of the turn that this replies to.</param>
/// <param name="Text">What is said.</param>
/// <param name="Status">Whether it is whole.</param>
/// <param name="Provider">The provider that replied.</param>
/// <param name="Model">The model that replied.</param>
public sealed record LiveTurnText(LiveRole Role, string TurnId, string Text, MessageStatus Status = MessageStatus.Complete, string? Provider = null, string? Model = null);
