using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.ETags;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data.Learning;
using Xentree.Domain.Pulse;

namespace Xentree.Api.Features.Xp;

/// <summary>The heatmap of the last 365 days.</summary>
public sealed record LearningPulseResponse : IExample<LearningPulseResponse>
{
    /// <summary>The IANA zone in force.</summary>
    public required string Timezone { get; init; }

    /// <summary>The first of the 365 dates.</summary>
    public required LocalDate StartDate { get; init; }

    /// <summary>The last: today.</summary>
    public required LocalDate EndDate { get; init; }

    /// <summary>XP of the window.</summary>
    public required long TotalXp { get; init; }

    /// <summary>Days of the window with XP.</summary>
    public required int ActiveDays { get; init; }

    /// <summary>The streak now.</summary>
    public required int CurrentStreak { get; init; }

    /// <summary>The longest streak ever.</summary>
    public required int LongestStreak { get; init; }

    /// <summary>Exactly 365 days, oldest first.</summary>
    public required IReadOnlyList<LearningPulseDayEntry> Days { get; init; }

    /// <inheritdoc/>
    public static LearningPulseResponse Example { get; } = new()
    {
        Timezone = "Europe/Zagreb",
        StartDate = new LocalDate(2025, 3, 13),
        EndDate = new LocalDate(2026, 3, 12),
        TotalXp = 1_240,
        ActiveDays = 41,
        CurrentStreak = 12,
        LongestStreak = 21,
        Days = [new LearningPulseDayEntry(new LocalDate(2025, 3, 13), 0, 0, 0, 0, false), new LearningPulseDayEntry(new LocalDate(2026, 3, 12), 55, 420, 6, 3, false)],
    };
}

/// <summary>A day of the heatmap.</summary>
/// <param name="Date">The local date.</param>
/// <param name="Xp">XP of the day.</param>
/// <param name="LearningSeconds">Learning time of the day, in seconds.</param>
/// <param name="Activities">What the learner did: sessions begun, turns, attempts, live sessions.</param>
/// <param name="Intensity">0 without XP, else 1 to 4 by the day's rank among the window's active days.</param>
/// <param name="FreezeCovered">Whether a saver covers it.</param>
public sealed record LearningPulseDayEntry(LocalDate Date, long Xp, long LearningSeconds, long Activities, int Intensity, bool FreezeCovered);

internal static class GetLearningPulse
{
    public static async Task<Tagged<LearningPulseResponse>> HandleAsync(Caller caller, LearnerReads learners, BusinessClock clock, CancellationToken cancellation)
    {
        var (learner, chain, days) = await learners.ReadActivityAsync(caller.UserId, clock.Now, days: LearningPulse.Length, cancellation);
        var pulse = LearningPulse.Of(chain.Today, days, chain.CoveredDates.ToHashSet());
        return new Tagged<LearningPulseResponse>(new LearningPulseResponse
        {
            Timezone = chain.Zone,
            StartDate = pulse.Days[0].Date,
            EndDate = pulse.Days[^1].Date,
            TotalXp = pulse.TotalXp,
            ActiveDays = pulse.ActiveDays,
            CurrentStreak = chain.CurrentStreak,
            LongestStreak = learner.LongestStreak(chain),
            Days = [.. pulse.Days.Select(day => new LearningPulseDayEntry(day.Date, day.Xp, day.LearningSeconds, day.Activities, day.Intensity, day.FreezeCovered))],
        });
    }
}
