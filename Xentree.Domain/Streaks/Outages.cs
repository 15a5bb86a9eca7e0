using System.Collections.Immutable;
using NodaTime;
using Xentree.Domain.Days;

namespace Xentree.Domain.Streaks;

/// <summary>All outages that were declared and not withdrawn. Immutable: one is shared by the folds of all users.</summary>
public sealed class Outages
{
    private readonly ImmutableArray<Outage> _byStart;
    private readonly ImmutableArray<ulong> _digests;

    /// <summary>Outages, in any order.</summary>
    /// <param name="outages">Every one that stands, however old: a fold from a checkpoint compares them with what it held.</param>
    /// <exception cref="ArgumentException">One ends no later than it begins.</exception>
    public Outages(params IEnumerable<Outage> outages)
    {
        _byStart = [.. outages.Order(Comparer<Outage>.Create((one, other) => one.From.CompareTo(other.From)))];
        if (_byStart.Any(outage => outage.To <= outage.From)) throw new ArgumentException("An outage ends after it begins.", nameof(outages));

        // A sum, so that equal sets have equal digests in whatever order they were declared.
        var digest = 0UL;
        _digests = [0, .. _byStart.Select(outage => digest += Mix(Mix((ulong)outage.From.ToUnixTimeTicks()) ^ (ulong)outage.To.ToUnixTimeTicks()))];
    }

    /// <summary>No outage.</summary>
    public static Outages None { get; } = new();

    /// <summary>Says which outages begin before an instant: two sets of the same digest bridge the same days up to there.</summary>
    /// <param name="end">The instant.</param>
    internal ulong DigestBefore(Instant end) => _digests[CountBefore(end)];

    /// <summary>The dates that outages bridge in a zone, from about an instant on.</summary>
    /// <param name="zone">The zone in force.</param>
    /// <param name="since">Outages that ended before it may be left out.</param>
    internal OutageDates In(DateTimeZone zone, Instant since)
    {
        List<(LocalDate First, LocalDate Last)>? spans = null;

        foreach (var outage in _byStart)
        {
            if (outage.To <= since) continue;
            var first = LocalDays.DateOf(zone, outage.From);
            var last = LocalDays.DateOf(zone, outage.To - Duration.Epsilon);

            spans ??= [];
            if (spans.Count > 0 && first <= spans[^1].Last.PlusDays(1))
                spans[^1] = (spans[^1].First, LocalDate.Max(last, spans[^1].Last));
            else
                spans.Add((first, last));
        }

        return new OutageDates(spans);
    }

    private int CountBefore(Instant end)
    {
        var low = 0;
        for (var high = _byStart.Length; low < high;)
        {
            var middle = (low + high) / 2;
            if (_byStart[middle].From < end) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    // The finalizer of SplitMix64: neighbouring instants must not give digests that cancel out.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;

        return value ^ (value >> 31);
    }
}
