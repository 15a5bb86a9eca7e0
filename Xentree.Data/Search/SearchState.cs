using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Xentree.Data.Search;

/// <summary>What the search index holds.</summary>
/// <param name="Types">The texts of each type.</param>
/// <param name="OldestMissing">When the oldest text was stored that is not indexed; null when all are.</param>
/// <param name="LastRebuild">The rebuild that was asked for last.</param>
public sealed record SearchState(IReadOnlyList<SearchTypeState> Types, Instant? OldestMissing, SearchRebuild? LastRebuild);

/// <summary>The texts of a type.</summary>
/// <param name="Type">The type.</param>
/// <param name="Indexed">How many are indexed.</param>
/// <param name="Missing">How many are stored and not indexed.</param>
public sealed record SearchTypeState(SearchType Type, long Indexed, long Missing);

/// <summary>Looks at the search index as a whole.</summary>
public static class SearchStateQueries
{
    private static readonly string Sources = string.Join("\nunion all\n", SearchSource.All.Select(source =>
        $"select '{source.Type}' type, 0::bigint indexed, count(*) missing, min(s.id::text) oldest from {source.Table} s where not exists (select from search_entries e where e.id = s.id)"));

    private static readonly string Counts =
        $"""
        select type, sum(indexed)::bigint indexed, sum(missing)::bigint missing, min(oldest) oldest
        from (select type, count(*) indexed, 0::bigint missing, null::text oldest from search_entries group by type union all {Sources}) t
        group by type
        """;

    extension(XentreeDbContext context)
    {
        /// <summary>Counts the index against its sources.</summary>
        public async Task<SearchState> ReadSearchStateAsync(CancellationToken cancellation)
        {
            var rows = await context.Database.SqlQueryRaw<Row>(Counts).ToListAsync(cancellation);
            var types = Enum.GetValues<SearchType>().Select(type => rows.Find(row => row.Type == $"{type}") is { } row
                ? new SearchTypeState(type, row.Indexed, row.Missing)
                : new SearchTypeState(type, 0, 0));
            return new(
                [.. types],
                rows.Min(row => row.Oldest) is { } oldest ? MadeAt(Guid.Parse(oldest)) : null,
                await context.SearchRebuilds.AsNoTracking().OrderByDescending(r => r.Id).FirstOrDefaultAsync(cancellation));
        }
    }

    // The first 48 bits of a UUID v7 are when it was made, by the real clock.
    private static Instant MadeAt(Guid id) => Instant.FromUnixTimeMilliseconds(long.Parse(
        id.ToString("N").AsSpan(0, 12), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture));

    private sealed record Row(string Type, long Indexed, long Missing, string? Oldest);
}
