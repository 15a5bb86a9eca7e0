using NodaTime;

namespace Xentree.Domain.Live;

/// <summary>A month's live quota (L1). The month is a month in UTC; what is left of it is not carried over.</summary>
/// <param name="Month">The month.</param>
/// <param name="QuotaSeconds">What the plan gives.</param>
/// <param name="UsedSeconds">What the month's sessions are charged. A smaller plan may leave it above the quota: used seconds stay.</param>
public sealed record LiveQuota(YearMonth Month, long QuotaSeconds, long UsedSeconds)
{
    /// <summary>The month's first instant.</summary>
    public Instant PeriodStart => StartOf(Month);

    /// <summary>The next month's first instant.</summary>
    public Instant PeriodEnd => StartOf(Month.PlusMonths(1));

    /// <summary>What is left, from 0.</summary>
    public long RemainingSeconds => Math.Max(0, QuotaSeconds - UsedSeconds);

    /// <summary>The month of an instant.</summary>
    /// <param name="instant">An instant.</param>
    public static YearMonth MonthOf(Instant instant) => instant.InUtc().Date.ToYearMonth();

    /// <summary>The first instant of a month.</summary>
    /// <param name="month">A month.</param>
    public static Instant StartOf(YearMonth month) => month.OnDayOfMonth(1).AtMidnight().InUtc().ToInstant();
}
