using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.ETags;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Learning;
using Xentree.Data.Xp;
using Xentree.Domain.Streaks;

namespace Xentree.Api.Features.Streaks;

/// <summary>A learner's streak at this moment.</summary>
public sealed record StreakStatusResponse : IExample<StreakStatusResponse>
{
    /// <summary>Active days of the unbroken chain; covered and bridged days hold it together and add nothing.</summary>
    public required int CurrentStreak { get; init; }

    /// <summary>The longest streak ever; it never falls.</summary>
    public required int LongestStreak { get; init; }

    /// <summary>Active days on end without a saver.</summary>
    public required int DayOnlyStreak { get; init; }

    /// <summary>Streak savers held.</summary>
    public required int FreezesAvailable { get; init; }

    /// <summary>Days of the current chain that savers cover.</summary>
    public required int FreezesUsed { get; init; }

    /// <summary>The latest active date.</summary>
    public required LocalDate? LastActivity { get; init; }

    /// <summary>Whether there is a streak that today has not extended yet.</summary>
    public required bool StreakAtRisk { get; init; }

    /// <summary>When today is over in the learner's zone.</summary>
    public required Instant ResetsAt { get; init; }

    /// <summary>With <c>explain=true</c>: why the streak is what it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StreakExplanation? Explanation { get; init; }

    /// <inheritdoc/>
    public static StreakStatusResponse Example { get; } = new()
    {
        CurrentStreak = 12,
        LongestStreak = 21,
        DayOnlyStreak = 12,
        FreezesAvailable = 1,
        FreezesUsed = 0,
        LastActivity = new LocalDate(2026, 3, 12),
        StreakAtRisk = false,
        ResetsAt = Instant.FromUtc(2026, 3, 12, 23, 0),
    };
}

/// <summary>Why a streak is what it is.</summary>
/// <param name="Days">The last 30 days, oldest first.</param>
/// <param name="Savers">When and why savers came and went, oldest first.</param>
/// <param name="Tokens">When and why tokens came and went, oldest first.</param>
public sealed record StreakExplanation(IReadOnlyList<ExplainedDay> Days, IReadOnlyList<ExplainedSaver> Savers, IReadOnlyList<ExplainedTokens> Tokens);

/// <summary>A day and its reason.</summary>
/// <param name="Date">The local date.</param>
/// <param name="Reason">What became of it; null before registration.</param>
public sealed record ExplainedDay(LocalDate Date, DayReason? Reason);

/// <summary>How a saver came or went.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="At">When.</param>
/// <param name="Date">The date covered or opened again; else the local date on which it happened.</param>
/// <param name="Streak">The multiple of seven that granted it, or the length of the chain.</param>
public sealed record ExplainedSaver(SaverMovementKind Kind, Instant At, LocalDate Date, int Streak);

/// <summary>How tokens came or went.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Amount">Tokens: above 0 when they came, below when they went.</param>
/// <param name="At">When.</param>
public sealed record ExplainedTokens(TokenReason Reason, long Amount, Instant At);

internal static class GetStreakStatus
{
    private const int ExplainedDays = 30;

    public static async Task<Tagged<StreakStatusResponse>> HandleAsync(
        Caller caller, LearnerReads learners, BusinessClock clock, XentreeDbContext context, CancellationToken cancellation,
        [Description("Whether to say why: the reason of each of the last 30 days, and how savers and tokens came and went.")] bool explain = false)
    {
        var (learner, chain) = await learners.ReadAsync(caller.UserId, clock.Now, days: 1, cancellation);
        return new Tagged<StreakStatusResponse>(new StreakStatusResponse
        {
            CurrentStreak = chain.CurrentStreak,
            LongestStreak = learner.LongestStreak(chain),
            DayOnlyStreak = chain.DayOnlyStreak,
            FreezesAvailable = chain.Savers,
            FreezesUsed = chain.SaversUsed,
            LastActivity = chain.LastActive,
            StreakAtRisk = chain.AtRisk,
            ResetsAt = chain.ResetsAt,
            Explanation = explain ? await ExplainAsync() : null,
        });

        async Task<StreakExplanation> ExplainAsync()
        {
            // A checkpoint forgets how savers came and went before it; the whole history remembers.
            var whole = (await learners.ReadFromRegistrationAsync(caller.UserId, clock.Now, cancellation)).Chain;
            var tokens = await context.TokenLedger.Where(t => t.UserId == caller.UserId)
                .OrderBy(t => t.Id)
                .Select(t => new ExplainedTokens(t.Reason, t.Amount, t.At)).ToListAsync(cancellation);
            return new StreakExplanation(
                [.. chain.Last(ExplainedDays).Select(day => new ExplainedDay(day.Date, day.Reason))],
                [.. whole.Movements.Select(m => new ExplainedSaver(m.Kind, m.At, m.Date, m.Streak))],
                tokens);
        }
    }
}
