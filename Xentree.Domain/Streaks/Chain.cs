using NodaTime;

namespace Xentree.Domain.Streaks;

/// <summary>A user's streak at an instant: what a fold gives. Nothing of it is truth, all of it can be derived again.</summary>
public sealed record Chain
{
    internal Chain()
    {
    }

    /// <summary>The instant, inclusive.</summary>
    public required Instant At { get; init; }

    /// <summary>The IANA id of the zone in force.</summary>
    public required string Zone { get; init; }

    /// <summary>The local date.</summary>
    public required LocalDate Today { get; init; }

    /// <summary>The coming local midnight: when today is over.</summary>
    public required Instant ResetsAt { get; init; }

    /// <summary><c>current_streak</c>: active days of the unbroken chain.</summary>
    public required int CurrentStreak { get; init; }

    /// <summary><c>day_only_streak</c>: active days on end, over bridged days, without savers.</summary>
    public required int DayOnlyStreak { get; init; }

    /// <summary>
    /// The longest current streak of this fold, at whatever instant. <c>longest_streak</c> is the most that any fold showed: the
    /// caller keeps the maximum, in active days.
    /// </summary>
    public required int Peak { get; init; }

    /// <summary><c>freezes_available</c>: savers held.</summary>
    public required int Savers { get; init; }

    /// <summary><c>freezes_used</c>: covered days in the current chain.</summary>
    public required int SaversUsed { get; init; }

    /// <summary><c>streak_at_risk</c>: a streak, and today neither active nor bridged.</summary>
    public required bool AtRisk { get; init; }

    /// <summary><c>last_activity</c>: the latest active date.</summary>
    public required LocalDate? LastActive { get; init; }

    /// <summary>The reasons of the dates of the last year.</summary>
    public required Trail Trail { get; init; }

    /// <summary>How savers came and went since the checkpoint, in that order.</summary>
    public required IReadOnlyList<SaverMovement> Movements { get; init; }

    /// <summary>The breaks since the checkpoint that nothing mended, in that order.</summary>
    public required IReadOnlyList<StreakBreak> Breaks { get; init; }

    /// <summary>S11: the last dates up to today with their reasons, oldest first; null before registration.</summary>
    /// <param name="count">How many dates; at most 366.</param>
    public IEnumerable<(LocalDate Date, DayReason? Reason)> Last(int count)
    {
        for (var date = Today.PlusDays(1 - count); date <= Today; date = date.PlusDays(1)) yield return (date, Trail.ReasonOf(date));
    }

    /// <summary>The dates that savers cover (<c>freeze_covered</c>), of the last year, earliest first.</summary>
    public IEnumerable<LocalDate> CoveredDates => Trail.DatesOf(Trail.Covered);

    /// <summary>The active dates of the current chain, as far back as the trail goes, earliest first.</summary>
    internal IEnumerable<LocalDate> ChainDates
    {
        get
        {
            var start = Trail.Letters.AsSpan().LastIndexOfAny(Trail.Missed, Trail.Broken) + 1;

            return Trail.DatesOf(Trail.Active, start);
        }
    }
}
