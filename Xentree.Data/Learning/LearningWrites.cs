using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;
using Xentree.Data.Keys;
using Xentree.Data.LearningTime;
using Xentree.Data.Quests;
using Xentree.Domain;
using Xentree.Domain.Days;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Streaks;

namespace Xentree.Data.Learning;

/// <summary>
/// The one write path of learning: lock the learner, load, work out with the pure rules, save. Two round trips and the commit. Each
/// operation joins the transaction that is open on the context, or opens its own.
/// </summary>
public sealed class LearningWrites(XentreeDbContext context, LearnerQueue queue, LearningRules rules, KeyRing keys, TimeProvider time)
{
    /// <summary>The rules in force.</summary>
    public LearningRules Rules => rules;

    /// <summary>Records a signal of a conversation's learning session, and what it earns (X2, X3, D6).</summary>
    /// <param name="userId">The learner.</param>
    /// <param name="conversationId">Their conversation.</param>
    /// <param name="kind">What was told.</param>
    /// <param name="occurredAt">When it happened, as the client says; null for now.</param>
    /// <param name="now">The present of the business clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="owner">Whose the conversation must be, where the caller has not seen to it.</param>
    public Task<SignalOutcome> RecordSignalAsync(
        Guid userId, Guid conversationId, SignalKind kind, Instant? occurredAt, Instant now, CancellationToken cancellation, Owner? owner = null) =>
        RecordAsync(userId, conversationId, kind, isAnswer: false, occurredAt, now, owner, cancellation);

    /// <summary>Records a stored turn of the chat: a signal, and an answered message when it is the whole answer (X2, Q3).</summary>
    /// <param name="userId">The learner.</param>
    /// <param name="conversationId">Their conversation.</param>
    /// <param name="isAnswer">Whether it answers a message of the learner.</param>
    /// <param name="now">The present of the business clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task RecordTurnAsync(Guid userId, Guid conversationId, bool isAnswer, Instant now, CancellationToken cancellation) =>
        RecordAsync(userId, conversationId, SignalKind.ChatTurn, isAnswer, null, now, owner: null, cancellation);

    private async Task<SignalOutcome> RecordAsync(
        Guid userId, Guid conversationId, SignalKind kind, bool isAnswer, Instant? occurredAt, Instant now, Owner? owner, CancellationToken cancellation)
    {
        LearningChange? saved = null;
        var outcome = await ChangeAsync<SignalOutcome>(userId, now, occurredAt, change =>
        {
            if (!change.HasConversation) return (new SignalOutcome.NoConversation(), false);

            // Cut to the millisecond, as every instant is: what is counted now must be what is counted from the stored row.
            var happenedAt = Instant.FromUnixTimeMilliseconds((occurredAt ?? change.Now).ToUnixTimeMilliseconds());
            var arrival = Arrival.Of(happenedAt, change.Now, change.Learner.RegisteredAt, rules.Streaks.At(change.Now));
            if (arrival is Arrival.BeforeRegistration) return (new SignalOutcome.Refused("lies before your registration"), false);
            if (arrival is Arrival.TooFarAhead) return (new SignalOutcome.Refused("lies too far in the future"), false);

            var isBelated = arrival is Arrival.XpOnly;
            var at = arrival is Arrival.Counts counts ? counts.At : happenedAt;
            var known = change.SignalsOf(conversationId).Select(row => row.ToSignal()).ToList();
            // On an open session a start tells nothing new but that the learner is there.
            if (LearningSession.Accept(known, kind, at, rules.Xp) is not { } accepted) return (new SignalOutcome.NoOpenSession(), false);

            var signal = new SignalRow
            {
                Id = time.NewId(),
                UserId = userId,
                ConversationId = conversationId,
                Kind = accepted,
                OccurredAt = at,
                ReceivedAt = change.Now,
                Date = change.Zones.DateOf(at),
                IsBelated = isBelated,
                IsAnswer = isAnswer,
                Order = change.NextOrder(),
            };
            change.Record(signal);
            if (isAnswer) change.Count(signal.Date, activities: 1, turns: 1);
            var session = LearningSession.Of(change.SignalsOf(conversationId).Select(row => row.ToSignal()), rules.Xp)
                .Last(s => s.StartedAt <= at && at <= s.LastSignalAt);
            change.AskedXp = (session.StartedAt, session.LastSignalAt);
            saved = change;
            return (new SignalOutcome.Recorded(session, Xp: 0), true);
        }, cancellation, conversation: owner is { } whose ? (conversationId, whose.OrganizationId) : null);
        return outcome is SignalOutcome.Recorded recorded ? recorded with { Xp = saved!.XpOfAsked } : outcome;
    }

    /// <summary>
    /// Records that a live session begins now. The caller stores the session, with what this gives, in the same transaction.
    /// </summary>
    /// <param name="userId">The learner.</param>
    /// <param name="now">The present of the business clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The local day, and the number of the input.</returns>
    public Task<(LocalDate Date, long Order)> RecordLiveStartAsync(Guid userId, Instant now, CancellationToken cancellation) =>
        ChangeAsync(userId, now, null, change => (change.BeginLive(), true), cancellation);

    /// <summary>
    /// Records what a live session is charged by now, in the transaction that charged it: XP, learning time and quests (X5, X8). What was
    /// recorded before is not recorded again.
    /// </summary>
    /// <param name="userId">The learner.</param>
    /// <param name="sessionId">Their session.</param>
    /// <param name="from">Up to when it was recorded before.</param>
    /// <param name="seconds">What it is charged, from its start on.</param>
    /// <param name="now">The present of the business clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task RecordLiveAsync(Guid userId, Guid sessionId, Instant from, long seconds, Instant now, CancellationToken cancellation) =>
        ChangeAsync(userId, now, from, change =>
        {
            change.RecordLive(sessionId, seconds);
            return (true, change.LiveRow is not null);
        }, cancellation, countsWhereItLies: true);

    /// <summary>Buys a saver (S8).</summary>
    public Task<SaverOffer> BuySaverAsync(Guid userId, Instant now, CancellationToken cancellation) => ChangeAsync(userId, now, null, change =>
    {
        var streaks = rules.Streaks.At(change.Now);
        var offer = SaverShop.Offer(change.Chain(), change.Learner.Tokens, streaks);
        if (offer == SaverOffer.Accepted) change.Buy(streaks);
        return (offer, offer == SaverOffer.Accepted);
    }, cancellation);

    /// <summary>Puts another zone into force, if the rules allow it (D5, D7).</summary>
    public Task<ZoneRequest> ChangeZoneAsync(Guid userId, string zone, Instant now, CancellationToken cancellation) => ChangeAsync(userId, now, null, change =>
    {
        var answer = change.Zones.Ask(zone, change.Now, rules.Streaks.At(change.Now));
        if (answer is ZoneRequest.Change) change.Move(zone);
        return (answer, answer is ZoneRequest.Change);
    }, cancellation);

    /// <summary>The quests of the learner's present day, drawn now unless they were before (Q1, Q2).</summary>
    public Task<IReadOnlyList<DailyQuestRow>> DrawQuestsAsync(Guid userId, Instant now, CancellationToken cancellation) =>
        ChangeAsync<IReadOnlyList<DailyQuestRow>>(userId, now, null, change =>
        {
            var today = change.Zones.DateOf(change.Now);
            change.Draw(today);
            return ([.. change.Quests.Where(quest => quest.Date == today)], change.DrawnQuests.Count > 0);
        }, cancellation);

    private async Task<T> ChangeAsync<T>(
        Guid userId, Instant now, Instant? occurredAt, Func<LearningChange, (T Answer, bool Save)> apply, CancellationToken cancellation,
        bool countsWhereItLies = false, (Guid Id, Guid? OrganizationId)? conversation = null)
    {
        var drawKey = await keys.GetAsync(KeyPurpose.QuestDraw, cancellation);
        if (context.Database.CurrentTransaction is not null) return await RunAsync(cancellation);

        using var turn = await queue.EnterAsync(userId, cancellation);
        var input = default(Guid?);
        return await context.Database.CreateExecutionStrategy().ExecuteInTransactionAsync(
            RunAsync,
            // Asked only when the connection was lost while it committed: an input must not be recorded twice.
            cancel => WasRecordedAsync(input, cancel),
            cancellation);

        async Task<T> RunAsync(CancellationToken cancel)
        {
            var connection = (NpgsqlConnection)context.Database.GetDbConnection();
            var window = await LearnerWindow.LockAsync(connection, userId, now, occurredAt ?? now, countsWhereItLies, conversation, rules, cancel)
                ?? throw new LearnerNotFoundException();
            var change = new LearningChange(window, rules, time, drawKey);
            var (answer, save) = apply(change);
            if (!save) return answer;

            change.Settle();
            input = change.InputId;
            await change.SaveAsync(connection, cancel);
            LearningMetrics.Count(change);
            return answer;
        }
    }

    private async Task<bool> WasRecordedAsync(Guid? input, CancellationToken cancellation) =>
        input is { } id
        && (await context.SessionSignals.AnyAsync(signal => signal.Id == id, cancellation)
            || await context.SaverPurchases.AnyAsync(purchase => purchase.Id == id, cancellation)
            || await context.ZoneChanges.AnyAsync(change => change.Id == id, cancellation));
}

/// <summary>What became of a signal.</summary>
public abstract record SignalOutcome
{
    private SignalOutcome()
    {
    }

    /// <summary>It was recorded.</summary>
    /// <param name="Session">The session that it belongs to.</param>
    /// <param name="Xp">XP that was given for minutes that were completed while the session went on.</param>
    public sealed record Recorded(LearningSession Session, long Xp) : SignalOutcome;

    /// <summary>404: the owner has no such conversation.</summary>
    public sealed record NoConversation : SignalOutcome;

    /// <summary>409 <c>session_ended</c>: it needs an open session.</summary>
    public sealed record NoOpenSession : SignalOutcome;

    /// <summary>400: its instant cannot be (D6).</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Refused(string Reason) : SignalOutcome;
}
