using System.Globalization;
using NodaTime;

namespace Xentree.Domain.LearningTime;

/// <summary>A full 60 s of a user's conversation time that a day is owed XP for (X3).</summary>
/// <param name="Day">The local day that contains its last second.</param>
/// <param name="Ordinal">Which of that day's segments, from 1.</param>
/// <param name="CompletedAt">When its last second was over.</param>
/// <param name="IsBelated">Whether time told more than 72 h late completed it: dated as received, it makes no day active (D6).</param>
public readonly record struct Segment(LocalDate Day, int Ordinal, Instant CompletedAt, bool IsBelated);

/// <summary>A ledger row to be written for a segment. A row once written stays, wherever a later fold puts the seconds.</summary>
/// <param name="Day">The local day that is paid.</param>
/// <param name="Ordinal">Which of that day's rows, from 1.</param>
/// <param name="At">When it was earned: the booster of that instant counts.</param>
/// <param name="MakesDayActive">Whether the day is active by it.</param>
public readonly record struct SegmentRow(LocalDate Day, int Ordinal, Instant At, bool MakesDayActive)
{
    /// <summary>The ledger's source id: day and ordinal.</summary>
    public string SourceId => string.Create(CultureInfo.InvariantCulture, $"{Day:uuuu'-'MM'-'dd}/{Ordinal}");
}

/// <summary>The segment rows that a user has.</summary>
/// <param name="Total">All of them, ever.</param>
/// <param name="ByDay">How many each day has, at least for the days that the fold's window touches.</param>
public sealed record SegmentRows(long Total, IReadOnlyDictionary<LocalDate, int> ByDay);
