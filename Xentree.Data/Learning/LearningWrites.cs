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
public sealed class LearningWrites(XentreeDbContext context, LearningRules rules, KeyRing keys, TimeProvider time)
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
    public Task<SignalOutcome> RecordSignalAsync(
        Guid userId, Guid conversationId, SignalKind kind, Instant? occurredAt, Instant now, CancellationToken cancellation) =>
        RecordAsync(userId, conversationId, kind, answered: 0, occurredAt, now, cancellation);

    /// <summary>Records a stored turn of the chat: a signal, and an answered message when it is the whole answer (X2, Q3).</summary>
    /// <param name="userId">The learner.</param>
    /// <param name="conversationId">Their conversation.</param>
    /// <param name="isAnswer">Whether it answers a message of the learner.</param>
    /// <param name="now">The present of the business clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task RecordTurnAsync(Guid userId, Guid conversationId, bool isAnswer, Instant now, CancellationToken cancellation) =>
        RecordAsync(userId, conversationId, SignalKind.ChatTurn, isAnswer ? 1 : 0, now, now, cancellation);

    private Task<SignalOutcome> RecordAsync(
        Guid userId, Guid conversationId, SignalKind kind, int answered, Instant? occurredAt, Instant now, CancellationToken cancellation) =>
        ChangeAsync<SignalOutcome>(userId, now, occurredAt ?? now, change =>
        {
            var arrival = Arrival.Of(occurredAt ?? now, now, change.Learner.RegisteredAt, rules.Streaks.At(now));
            if (arrival is Arrival.BeforeRegistration) return (new SignalOutcome.Refused("lies before your registration"), false);
            if (arrival is Arrival.TooFarAhead) return (new SignalOutcome.Refused("lies too far in the future"), false);

            var isBelated = arrival is Arrival.XpOnly;
            var at = arrival is Arrival.Counts counts ? counts.At : occurredAt!.Value;
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
                ReceivedAt = now,
                Date = change.Zones.DateOf(at),
                IsBelated = isBelated,
                Order = change.NextOrder(),
            };
            change.Record(signal);
            if (answered > 0) change.Count(change.Zones.DateOf(at), activities: answered, turns: answered);
            var session = LearningSession.Of(change.SignalsOf(conversationId).Select(row => row.ToSignal()), rules.Xp)
                .Last(s => s.StartedAt <= at && at <= s.LastSignalAt);
            return (new SignalOutcome.Recorded(session), true);
        }, cancellation);

    /// <summary>Buys a saver (S8).</summary>
    public Task<SaverOffer> BuySaverAsync(Guid userId, Instant now, CancellationToken cancellation) => ChangeAsync(userId, now, now, change =>
    {
        var streaks = rules.Streaks.At(now);
        var offer = SaverShop.Offer(change.Chain(), change.Learner.Tokens, streaks);
        if (offer == SaverOffer.Accepted) change.Buy(streaks);
        return (offer, offer == SaverOffer.Accepted);
    }, cancellation);

    /// <summary>Puts another zone into force, if the rules allow it (D5, D7).</summary>
    public Task<ZoneRequest> ChangeZoneAsync(Guid userId, string zone, Instant now, CancellationToken cancellation) => ChangeAsync(userId, now, now, change =>
    {
        var answer = change.Zones.Ask(zone, now, rules.Streaks.At(now));
        if (answer is ZoneRequest.Change) change.Move(zone);
        return (answer, answer is ZoneRequest.Change);
    }, cancellation);

    /// <summary>The quests of the learner's present day, drawn now unless they were before (Q1, Q2).</summary>
    public Task<IReadOnlyList<DailyQuestRow>> DrawQuestsAsync(Guid userId, Instant now, CancellationToken cancellation) =>
        ChangeAsync<IReadOnlyList<DailyQuestRow>>(userId, now, now, change =>
        {
            var today = change.Zones.DateOf(now);
            change.Draw(today);
            return ([.. change.Quests.Where(quest => quest.Date == today)], change.DrawnQuests.Count > 0);
        }, cancellation);

    /// <summary>Closes the days that are over: their quests, and what the chain made of them. Changes no answer.</summary>
    public Task SettleAsync(Guid userId, Instant now, CancellationToken cancellation) => ChangeAsync(userId, now, now, change =>
    {
        change.CloseQuests();
        return (true, true);
    }, cancellation);

    private async Task<T> ChangeAsync<T>(Guid userId, Instant now, Instant at, Func<LearningChange, (T Answer, bool Save)> apply, CancellationToken cancellation)
    {
        var drawKey = await keys.GetAsync(KeyPurpose.QuestDraw, cancellation);
        if (context.Database.CurrentTransaction is not null) return await RunAsync(cancellation);

        return await context.Database.CreateExecutionStrategy().ExecuteAsync(async cancel =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancel);
            var answer = await RunAsync(cancel);
            await transaction.CommitAsync(cancel);
            return answer;
        }, cancellation);

        async Task<T> RunAsync(CancellationToken cancel)
        {
            var connection = (NpgsqlConnection)context.Database.GetDbConnection();
            var window = await LearnerWindow.LockAsync(connection, userId, now, Instant.Min(at, now), cancel)
                ?? throw new LearnerNotFoundException();
            var change = new LearningChange(window, rules, time, drawKey, now);
            var (answer, save) = apply(change);
            if (!save) return answer;

            change.Settle(window.IsSandbox);
            await change.SaveAsync(connection, cancel);
            return answer;
        }
    }
}

/// <summary>What became of a signal.</summary>
public abstract record SignalOutcome
{
    private SignalOutcome()
    {
    }

    /// <summary>It was recorded.</summary>
    /// <param name="Session">The session that it belongs to.</param>
    public sealed record Recorded(LearningSession Session) : SignalOutcome;

    /// <summary>409 <c>session_ended</c>: it needs an open session.</summary>
    public sealed record NoOpenSession : SignalOutcome;

    /// <summary>400: its instant cannot be (D6).</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Refused(string Reason) : SignalOutcome;
}
