using System.Text.Json.Serialization;
using NodaTime;

namespace Xentree.Domain.LearningTime;

/// <summary>How many segments a day is owed, up to a checkpoint.</summary>
/// <param name="Day">The local day.</param>
/// <param name="Owed">Segments, from 1 to the day's most.</param>
public sealed record DaySegments(DateOnly Day, int Owed);

/// <summary>
/// What a fold of segments (X3) knows at an instant: with the counted time from there on it gives what a fold from the beginning
/// gives. Any instant serves that no late signal can reach back behind (<see cref="SegmentFold.Reach"/>).
/// </summary>
/// <param name="AtTicks">The instant, in ticks of 100 ns since 1970.</param>
/// <param name="CountedTicks">The user's counted time before it, in ticks; the remainder of the last full segment is in it.</param>
/// <param name="Days">What the days are owed before it that may still go on after it.</param>
public sealed record SegmentCheckpoint(long AtTicks, long CountedTicks, IReadOnlyList<DaySegments> Days)
{
    // No place on earth is so far west that a day before this one's could come after the instant.
    private static readonly Offset FarthestWest = Offset.FromHours(-18);

    /// <summary>Before everything.</summary>
    public static SegmentCheckpoint Beginning { get; } = new(Instant.MinValue.ToUnixTimeTicks(), 0, []);

    /// <summary>The instant.</summary>
    [JsonIgnore]
    public Instant At => Instant.FromUnixTimeTicks(AtTicks);

    /// <summary>The user's counted time before it.</summary>
    [JsonIgnore]
    public Duration Counted => Duration.FromTicks(CountedTicks);

    internal static SegmentCheckpoint Of(Instant at, Duration counted, IReadOnlyDictionary<LocalDate, int> owed)
    {
        var first = at.WithOffset(FarthestWest).Date;
        var open = owed.Where(day => day.Key >= first).OrderBy(day => day.Key);
        return new SegmentCheckpoint(
            at.ToUnixTimeTicks(), counted.BclCompatibleTicks, [.. open.Select(day => new DaySegments(day.Key.ToDateOnly(), day.Value))]);
    }
}
