using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using NodaTime.Text;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data.Learning;
using Xentree.Domain.LearningTime;

namespace Xentree.Api.Features.Xp;

/// <summary>Learning time of a range of local days.</summary>
public sealed record LearningTimeAnalyticsResponse : IExample<LearningTimeAnalyticsResponse>
{
    /// <summary>The first date.</summary>
    public required LocalDate StartDate { get; init; }

    /// <summary>The last date, inclusive.</summary>
    public required LocalDate EndDate { get; init; }

    /// <summary>The IANA zone in force.</summary>
    public required string Timezone { get; init; }

    /// <summary>All learning time, in seconds: the sum of the days and the sum of the sources.</summary>
    public required long TotalSeconds { get; init; }

    /// <summary>Sessions that began in the range.</summary>
    public required long SessionCount { get; init; }

    /// <summary>Learning time by session, in seconds, rounded down; 0 without sessions.</summary>
    public required long AverageSessionSeconds { get; init; }

    /// <summary>Days with XP.</summary>
    public required int ActiveDays { get; init; }

    /// <summary>By what it was learned with.</summary>
    public required LearningTimeBySource BySource { get; init; }

    /// <summary>Every date of the range, oldest first.</summary>
    public required IReadOnlyList<LearningTimeOfDay> ByDay { get; init; }

    /// <inheritdoc/>
    public static LearningTimeAnalyticsResponse Example { get; } = new()
    {
        StartDate = new LocalDate(2026, 3, 11),
        EndDate = new LocalDate(2026, 3, 12),
        Timezone = "Europe/Zagreb",
        TotalSeconds = 1_020,
        SessionCount = 2,
        AverageSessionSeconds = 510,
        ActiveDays = 2,
        BySource = new LearningTimeBySource(1_020, 0, 0),
        ByDay = [new LearningTimeOfDay(new LocalDate(2026, 3, 11), 600), new LearningTimeOfDay(new LocalDate(2026, 3, 12), 420)],
    };
}

/// <summary>Learning time by source, in seconds.</summary>
/// <param name="Conversations">With conversations.</param>
/// <param name="Xel">With the English course.</param>
/// <param name="Live">With live sessions.</param>
public sealed record LearningTimeBySource(long Conversations, long Xel, long Live);

/// <summary>Learning time of a date.</summary>
/// <param name="Date">The local date.</param>
/// <param name="Seconds">Seconds.</param>
public sealed record LearningTimeOfDay(LocalDate Date, long Seconds);

internal static class GetLearningTime
{
    private const int MaxDays = 366;
    private const int DefaultDays = 30;

    public static async Task<Results<Ok<LearningTimeAnalyticsResponse>, Failure>> HandleAsync(
        Caller caller, LearnerReads learners, BusinessClock clock, CancellationToken cancellation,
        [FromQuery(Name = "start_date"), Description("The first date, `YYYY-MM-DD`; 30 days up to the last when absent.")] string? startDate = null,
        [FromQuery(Name = "end_date"), Description("The last date, inclusive; today when absent.")] string? endDate = null)
    {
        if (!TryParse(startDate, out var start)) return Failures.InvalidDateRange("start_date must be a date such as 2026-03-01.");
        if (!TryParse(endDate, out var end)) return Failures.InvalidDateRange("end_date must be a date such as 2026-03-01.");

        // Whose range lies far back needs aggregates from there on; the present is needed for the zone and for the default.
        var (learner, chain) = await learners.ReadSinceAsync(caller.UserId, clock.Now, start ?? clock.Now.InUtc().Date.PlusDays(-MaxDays), cancellation);
        var last = end ?? (start is { } from ? LocalDate.Max(from, LocalDate.Min(chain.Today, from.PlusDays(MaxDays - 1))) : chain.Today);
        var first = start ?? last.PlusDays(1 - DefaultDays);
        if (last < first) return Failures.InvalidDateRange("end_date must not be before start_date.");
        if (Period.DaysBetween(first, last) + 1 > MaxDays) return Failures.InvalidDateRange($"The range must not be longer than {MaxDays} days.");

        if (start is null && end is not null) (learner, _) = await learners.ReadSinceAsync(caller.UserId, clock.Now, first, cancellation);
        var rows = learner.Days.Where(day => day.Date >= first && day.Date <= last).ToList();
        var report = LearningTimeReport.Of(first, last, rows.ToDictionary(day => day.Date, day => day.Learned));
        var sessions = rows.Sum(day => (long)day.Sessions);
        return TypedResults.Ok(new LearningTimeAnalyticsResponse
        {
            StartDate = first,
            EndDate = last,
            Timezone = chain.Zone,
            TotalSeconds = report.TotalSeconds,
            SessionCount = sessions,
            AverageSessionSeconds = sessions == 0 ? 0 : report.TotalSeconds / sessions,
            ActiveDays = rows.Count(day => day.Xp > 0),
            BySource = new LearningTimeBySource(report.ConversationsSeconds, report.XelSeconds, report.LiveSeconds),
            ByDay = [.. report.Days.Select(day => new LearningTimeOfDay(day.Date, day.Seconds))],
        });
    }

    private static bool TryParse(string? text, out LocalDate? date)
    {
        date = null;
        if (text is null) return true;

        var parsed = LocalDatePattern.Iso.Parse(text);
        if (!parsed.Success || parsed.Value.Year is < 1900 or > 2200) return false;

        date = parsed.Value;
        return true;
    }
}
