using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.ETags;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data.Learning;
using Xentree.Domain.Xp;

namespace Xentree.Api.Features.Xp;

/// <summary>A learner's XP, level, streak and tokens.</summary>
public sealed record XPProfileResponse : IExample<XPProfileResponse>
{
    /// <summary>The learner's name.</summary>
    public required string Username { get; init; }

    /// <summary>All XP; it never falls.</summary>
    public required long TotalXp { get; init; }

    /// <summary>The level, from 1; level L starts at 50·L·(L−1) XP.</summary>
    public required long Level { get; init; }

    /// <summary>XP since the level began.</summary>
    public required long CurrentLevelXp { get; init; }

    /// <summary>XP of the whole step to the next level.</summary>
    public required long XpNeededForNextLevel { get; init; }

    /// <summary>How much of that step is done, in percent with one decimal.</summary>
    public required decimal ProgressPercentage { get; init; }

    /// <summary>Active days of the unbroken chain.</summary>
    public required int CurrentStreak { get; init; }

    /// <summary>The longest streak ever; it never falls.</summary>
    public required int LongestStreak { get; init; }

    /// <summary>Active days on end without a saver.</summary>
    public required int DayOnlyStreak { get; init; }

    /// <summary>Streak savers held.</summary>
    public required int FreezesAvailable { get; init; }

    /// <summary>Tokens held.</summary>
    public required long TokenBalance { get; init; }

    /// <summary>The booster that multiplies XP now.</summary>
    public required ActiveBooster? ActiveBooster { get; init; }

    /// <summary>Today's XP.</summary>
    public required TodayXp TodayXp { get; init; }

    /// <inheritdoc/>
    public static XPProfileResponse Example { get; } = new()
    {
        Username = "ana.kovac",
        TotalXp = 1_240,
        Level = 5,
        CurrentLevelXp = 240,
        XpNeededForNextLevel = 500,
        ProgressPercentage = 48.0m,
        CurrentStreak = 12,
        LongestStreak = 21,
        DayOnlyStreak = 12,
        FreezesAvailable = 1,
        TokenBalance = 45,
        ActiveBooster = new ActiveBooster(1.5m, Instant.FromUtc(2026, 3, 12, 18, 30)),
        TodayXp = new TodayXp(35, 20, 55),
    };
}

/// <summary>A booster that holds.</summary>
/// <param name="Multiplier">What base XP is multiplied by.</param>
/// <param name="EndsAt">When it ends.</param>
public sealed record ActiveBooster(decimal Multiplier, Instant EndsAt);

/// <summary>A day's XP by where it came from.</summary>
/// <param name="Segments">XP of conversations and live sessions.</param>
/// <param name="Quizzes">XP of the English course.</param>
/// <param name="Total">Both.</param>
public sealed record TodayXp(long Segments, long Quizzes, long Total);

internal static class GetXPProfile
{
    public static async Task<Tagged<XPProfileResponse>> HandleAsync(Caller caller, LearnerReads learners, BusinessClock clock, CancellationToken cancellation)
    {
        var (learner, chain, username, booster) = await learners.ReadProfileAsync(caller.UserId, clock.Now, cancellation);
        var level = Level.Of(learner.Learner.TotalXp);
        var today = learner.DayOf(chain.Today);
        var (xp, quizzes) = (today?.Xp ?? 0, today?.QuizXp ?? 0);
        return new Tagged<XPProfileResponse>(new XPProfileResponse
        {
            Username = username,
            TotalXp = learner.Learner.TotalXp,
            Level = level.Number,
            CurrentLevelXp = level.CurrentLevelXp,
            XpNeededForNextLevel = level.XpNeededForNextLevel,
            ProgressPercentage = level.ProgressPercentage,
            CurrentStreak = chain.CurrentStreak,
            LongestStreak = learner.LongestStreak(chain),
            DayOnlyStreak = chain.DayOnlyStreak,
            FreezesAvailable = chain.Savers,
            TokenBalance = learner.Learner.Tokens,
            ActiveBooster = booster is null ? null : new ActiveBooster(booster.Multiplier, booster.EndsAt),
            TodayXp = new TodayXp(xp - quizzes, quizzes, xp),
        });
    }
}
