using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data.Learning;
using Xentree.Domain.Streaks;

namespace Xentree.Api.Features.Streaks;

/// <summary>A saver that was bought.</summary>
/// <param name="FreezesAvailable">Savers held now.</param>
/// <param name="TokenBalance">Tokens left.</param>
/// <param name="Cost">What it cost, in tokens.</param>
/// <param name="PurchasedAt">When it was bought: it can save the day that goes on then, and later ones.</param>
public sealed record StreakSaverResponse(int FreezesAvailable, long TokenBalance, int Cost, Instant PurchasedAt) : IExample<StreakSaverResponse>
{
    /// <inheritdoc/>
    public static StreakSaverResponse Example { get; } = new(1, 5, 50, Instant.FromUtc(2026, 3, 12, 17, 0));
}

internal static class BuySaver
{
    public static async Task<Results<Created<StreakSaverResponse>, Failure>> HandleAsync(
        Caller caller, LearningWrites learning, LearnerReads learners, BusinessClock clock, CancellationToken cancellation)
    {
        var now = clock.Now;
        switch (await learning.BuySaverAsync(caller.UserId, now, cancellation))
        {
            case SaverOffer.SaverLimit: return Failures.SaverLimit;
            case SaverOffer.InsufficientTokens: return Failures.InsufficientTokens;
        }

        var (learner, chain) = await learners.ReadAsync(caller.UserId, clock.Now, days: 1, cancellation);
        return TypedResults.Created(
            "/api/xp/streak-status",
            new StreakSaverResponse(chain.Savers, learner.Learner.Tokens, learning.Rules.Streaks.At(now).SaverCost, now));
    }
}
