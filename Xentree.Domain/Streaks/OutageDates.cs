using NodaTime;

namespace Xentree.Domain.Streaks;

/// <summary>The dates of one zone that outages bridge, as spans that neither touch nor overlap, by date.</summary>
/// <param name="spans">The spans, both ends included; null for none.</param>
internal readonly struct OutageDates(List<(LocalDate First, LocalDate Last)>? spans)
{
    /// <summary>Whether an outage bridges a date.</summary>
    public bool Contains(LocalDate date) => LastOf(date) is not null;

    /// <summary>The last date of the span that a date lies in, or null.</summary>
    public LocalDate? LastOf(LocalDate date)
    {
        if (spans is null) return null;

        var low = 0;
        for (var high = spans.Count; low < high;)
        {
            var middle = (low + high) / 2;
            if (spans[middle].Last < date) low = middle + 1;
            else high = middle;
        }

        return low < spans.Count && spans[low].First <= date ? spans[low].Last : null;
    }

    /// <summary>The dates that outages bridge, from one date to before another, earliest first.</summary>
    public IEnumerable<LocalDate> Between(LocalDate first, LocalDate end) =>
        spans is null
            ? []
            : spans.SelectMany(span => Dates(LocalDate.Max(first, span.First), LocalDate.Min(end, span.Last.PlusDays(1))));

    private static IEnumerable<LocalDate> Dates(LocalDate first, LocalDate end)
    {
        for (var date = first; date < end; date = date.PlusDays(1)) yield return date;
    }
}
