using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.ETags;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data.Learning;
using Xentree.Domain.Pulse;

namespace Xentree.Api.Features.Xp;

/// <summary>XP of the current week, Sunday to Saturday, in the learner's zone.</summary>
public sealed record WeeklyActivityResponse : IExample<WeeklyActivityResponse>
{
    /// <summary>The Sunday.</summary>
    public required LocalDate WeekStart { get; init; }

    /// <summary>The Saturday.</summary>
    public required LocalDate WeekEnd { get; init; }

    /// <summary>The IANA zone in force.</summary>
    public required string Timezone { get; init; }

    /// <summary>Seven days.</summary>
    public required IReadOnlyList<WeekDay> Days { get; init; }

    /// <summary>XP of the week.</summary>
    public required long TotalXp { get; init; }

    /// <summary>The days of the week that savers cover.</summary>
    public required IReadOnlyList<LocalDate> FreezeCoveredDates { get; init; }

    /// <inheritdoc/>
    public static WeeklyActivityResponse Example { get; } = new()
    {
        WeekStart = new LocalDate(2026, 3, 8),
        WeekEnd = new LocalDate(2026, 3, 14),
        Timezone = "Europe/Zagreb",
        Days = [.. Enumerable.Range(0, 7).Select(i => new WeekDay(new LocalDate(2026, 3, 8).PlusDays(i), (Weekday)i, i < 5 ? 25 * i : 0))],
        TotalXp = 250,
        FreezeCoveredDates = [],
    };
}

/// <summary>A day of the week.</summary>
/// <param name="Date">The date.</param>
/// <param name="Weekday">Its name.</param>
/// <param name="Xp">XP of the day.</param>
public sealed record WeekDay(LocalDate Date, Weekday Weekday, long Xp);

/// <summary>The days of a week as it is counted here: from Sunday.</summary>
public enum Weekday
{
    /// <summary>Sunday.</summary>
    Sunday,

    /// <summary>Monday.</summary>
    Monday,

    /// <summary>Tuesday.</summary>
    Tuesday,

    /// <summary>Wednesday.</summary>
    Wednesday,

    /// <summary>Thursday.</summary>
    Thursday,

    /// <summary>Friday.</summary>
    Friday,

    /// <summary>Saturday.</summary>
    Saturday,
}

internal static class GetWeeklyActivity
{
    public static async Task<Tagged<WeeklyActivityResponse>> HandleAsync(Caller caller, LearnerReads learners, BusinessClock clock, CancellationToken cancellation)
    {
        var (learner, chain) = await learners.ReadAsync(caller.UserId, clock.Now, days: 7, cancellation);
        var week = WeeklyActivity.Of(chain.Today, learner.Days.Select(day => day.ToActivityDay()), chain.CoveredDates.ToHashSet());
        return new Tagged<WeeklyActivityResponse>(new WeeklyActivityResponse
        {
            WeekStart = week.Days[0].Date,
            WeekEnd = week.Days[^1].Date,
            Timezone = chain.Zone,
            Days = [.. week.Days.Select((day, i) => new WeekDay(day.Date, (Weekday)i, day.Xp))],
            TotalXp = week.TotalXp,
            FreezeCoveredDates = week.FreezeCoveredDates,
        });
    }
}
