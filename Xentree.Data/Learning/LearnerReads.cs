using NodaTime;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Pulse;
using Xentree.Domain.Streaks;
using Xentree.Domain.Xp;

namespace Xentree.Data.Learning;

/// <summary>Reads a learner and folds them to an instant: every read of XP, streaks and analytics begins here. Nothing is written.</summary>
public sealed class LearnerReads(XentreeDbContext context, LearningRules rules)
{
    /// <summary>The learner and their chain, with the aggregates of the last <paramref name="days"/> local days at least.</summary>
    /// <exception cref="LearnerNotFoundException">The account was erased.</exception>
    public Task<(LearnerSnapshot Learner, Chain Chain)> ReadAsync(Guid userId, Instant now, int days, CancellationToken cancellation) =>
        // East of Greenwich today may be a day ahead, west a day behind.
        ReadSinceAsync(userId, now, now.InUtc().Date.PlusDays(-days - 1), cancellation);

    /// <summary>The learner and their chain, with the aggregates from a date on at least.</summary>
    /// <exception cref="LearnerNotFoundException">The account was erased.</exception>
    public async Task<(LearnerSnapshot Learner, Chain Chain)> ReadSinceAsync(Guid userId, Instant now, LocalDate since, CancellationToken cancellation) =>
        Fold(await context.FindLearnerAsync(userId, since, cancellation), now);

    /// <summary>The same, folded from registration on: it knows every movement of a saver.</summary>
    /// <exception cref="LearnerNotFoundException">The account was erased.</exception>
    public async Task<(LearnerSnapshot Learner, Chain Chain)> ReadFromRegistrationAsync(Guid userId, Instant now, CancellationToken cancellation) =>
        Fold(await context.FindLearnerFromRegistrationAsync(userId, cancellation), now);

    /// <summary>The learner and their chain, and what each of the last <paramref name="days"/> local days at least shows of itself.</summary>
    /// <exception cref="LearnerNotFoundException">The account was erased.</exception>
    public async Task<(LearnerSnapshot Learner, Chain Chain, IReadOnlyList<ActivityDay> Days)> ReadActivityAsync(
        Guid userId, Instant now, int days, CancellationToken cancellation)
    {
        var present = now.InUtc().Date;
        var found = await context.FindLearnerWithActivityAsync(userId, present, present.PlusDays(-days - 1), cancellation);
        var (learner, chain) = Fold(found?.Snapshot, now);
        return (learner, chain, found!.Value.Days);
    }

    /// <summary>The learner and their chain with today's aggregate, their name and the best booster that holds.</summary>
    /// <exception cref="LearnerNotFoundException">The account was erased.</exception>
    public async Task<(LearnerSnapshot Learner, Chain Chain, string Username, Booster? Booster)> ReadProfileAsync(
        Guid userId, Instant now, CancellationToken cancellation)
    {
        var found = await context.FindLearnerWithProfileAsync(userId, now.InUtc().Date.PlusDays(-2), now, cancellation);
        var (learner, chain) = Fold(found?.Snapshot, now);
        var (username, booster) = found!.Value.Profile;
        return (learner, chain, username, booster);
    }

    private (LearnerSnapshot Learner, Chain Chain) Fold(LearnerSnapshot? learner, Instant now) =>
        learner is null ? throw new LearnerNotFoundException() : (learner, learner.FoldAt(now, rules.Streaks));
}

/// <summary>The account was erased while somebody asked for it.</summary>
public sealed class LearnerNotFoundException() : Exception("The account has no learner: it was erased.");

/// <summary>Daily aggregates as the rules know them.</summary>
public static class Aggregates
{
    extension(DayRow day)
    {
        /// <summary>The day as the pulse and the week know it.</summary>
        public ActivityDay ToActivityDay() => new(day.Date, day.Xp, WholeSeconds.Floor(day.Learned.Total), day.Activities);

        /// <summary>Its learning time, exactly.</summary>
        public LearnedTime Learned =>
            new(Duration.FromTicks(day.ConversationTicks), Duration.FromTicks(day.XelTicks), Duration.FromTicks(day.LiveTicks));
    }
}
