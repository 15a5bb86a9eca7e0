using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Xentree.Data.Knowledge;

/// <summary>
/// Finds passages by their words. A passage need not hold every word of a question: it counts what share it holds, a rare word for more
/// than a common one as in BM25. Words that most passages hold are left out, and where there are no others, a passage must hold them all.
/// </summary>
internal sealed class WordSearch(XentreeDbContext context)
{
    private const int MaxWords = 32;

    /// <summary>A word in more passages than this is common. It bounds what a search reads: so many passages a word.</summary>
    private const int Common = 1_000;

    /// <summary>How many passages that hold the same share are told apart by where and how often they hold the words.</summary>
    private const int MaxRanked = 100;

    private const string Words =
        """
        words as materialized (
          select string_agg(query, ' & ') over () whole, query::tsquery query from (
            select distinct '''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''' query
            from unnest(@languages) language, unnest(to_tsvector(language::regconfig, @question)) limit @words) w)
        """;

    private const string Rare =
        $"""
        with {Words},
        held as materialized (
          select w.query, c.id, count(c.id) over (partition by w.query) found
          from words w left join lateral (
            select c.id from document_chunks c where c.document_id = any(@documents) and c.search @@ w.query limit @common + 1) c on true),
        weighed as materialized (select query, id, ln(1 + (@passages - found + 0.5) / (found + 0.5)) weight from held where found <= @common),
        best as materialized (
          select id, sum(weight) / (select sum(weight) from (select distinct query, weight from weighed) w) share
          from weighed where id is not null group by id order by share desc, id limit @ranked)
        select b.id, b.share::float8
        from best b join document_chunks c on c.id = b.id cross join (select string_agg(query::text, ' | ')::tsquery query from words) q
        order by b.share desc, ts_rank(array[0.5, 0.5, 0.5, 1]::float4[], c.search, q.query, 1) desc, b.id
        limit @count
        """;

    private const string All =
        $"""
        with {Words}
        select c.id, 1::float8 from document_chunks c, (select whole::tsquery query from words limit 1) q
        where c.document_id = any(@documents) and c.search @@ q.query limit @count
        """;

    /// <summary>The passages of documents that hold words of a question, best first, each with the share of the question that it holds, above 0 and at most 1.</summary>
    public async Task<IReadOnlyList<(Guid Id, double Share)>> FindAsync(
        IReadOnlyList<SearchedDocument> documents, string question, int count, CancellationToken cancellation)
    {
        await context.Database.OpenConnectionAsync(cancellation);
        try
        {
            return await ReadAsync(Rare, documents, question, count, cancellation) is { Count: > 0 } found ? found : await ReadAsync(All, documents, question, count, cancellation);
        }
        finally
        {
            await context.Database.CloseConnectionAsync();
        }
    }

    private async Task<List<(Guid Id, double Share)>> ReadAsync(
        string sql, IReadOnlyList<SearchedDocument> documents, string question, int count, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)context.Database.GetDbConnection())
        {
            Parameters =
            {
                new("documents", documents.Select(document => document.Id).ToArray()),
                new("languages", documents.Select(document => document.Language).Distinct().ToArray()),
                new("question", question),
                new("passages", (double)documents.Sum(document => (long)document.ChunkCount)),
                new("common", Common),
                new("ranked", Math.Max(MaxRanked, count)),
                new("count", count),
                new("words", MaxWords),
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<(Guid, double)>();
        while (await reader.ReadAsync(cancellation)) found.Add((reader.GetGuid(0), Math.Clamp(reader.GetDouble(1), 0, 1)));
        return found;
    }
}
