using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Xentree.Data.Knowledge;

/// <summary>
/// Finds passages by their words. A passage need not hold every word of a question, but rare words weigh more than common ones, and
/// words that most passages hold are left out: an OR of them would read and rank nearly everything.
/// </summary>
internal sealed class WordSearch(XentreeDbContext context)
{
    private const int MaxWords = 32;

    /// <summary>A word in more passages than this is common.</summary>
    private const int Common = 2_000;

    /// <summary>How many passages are ranked at the most, by about.</summary>
    private const int MaxRanked = 10_000;

    /// <summary>The passages of visible documents that hold words of a question, best first.</summary>
    public async Task<IReadOnlyList<Guid>> FindAsync(
        IQueryable<Document> visible, IReadOnlyList<SearchedDocument> documents, string question, int count, CancellationToken cancellation)
    {
        var words = await WordsAsync(documents, question, cancellation);
        if (words.Count == 0) return [];

        var passages = documents.Sum(document => document.ChunkCount);
        var sql = new StringBuilder("select c.id, c.document_id, (");
        var values = new List<object>();
        foreach (var (query, found) in words)
        {
            // As in BM25: a word says more the fewer passages hold it.
            var weight = Math.Log(1 + ((passages - found + 0.5) / (found + 0.5)));
            if (values.Count > 0) sql.Append(" + ");
            sql.Append(CultureInfo.InvariantCulture, $"{{{values.Count}}} * ts_rank(array[0.5, 0.5, 0.5, 1]::float4[], c.search, {{{values.Count + 1}}}::tsquery, 1)");
            values.Add(Math.Max(weight, 0.01));
            values.Add(query);
        }

        // Where every word is common, a passage must hold them all.
        var operation = words[0].Found > Common ? " & " : " | ";
        sql.Append(CultureInfo.InvariantCulture, $") as rank from document_chunks c where c.search @@ {{{values.Count}}}::tsquery");
        values.Add(string.Join(operation, words.Select(word => word.Query)));

        return await context.Database.SqlQueryRaw<Match>(sql.ToString(), [.. values])
            .Where(match => visible.Any(document => document.Id == match.DocumentId))
            .OrderByDescending(match => match.Rank).ThenBy(match => match.Id)
            .Take(count)
            .Select(match => match.Id)
            .ToListAsync(cancellation);
    }

    /// <summary>The words to look for, the rarest first, each with the number of passages that hold it, as far as it was counted.</summary>
    private async Task<List<(string Query, int Found)>> WordsAsync(IReadOnlyList<SearchedDocument> documents, string question, CancellationToken cancellation)
    {
        var languages = documents.Select(document => document.Language).Distinct().ToArray();
        var counted = new List<(string Query, int Found)>();
        await context.Database.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = new NpgsqlCommand(
                """
                select w.query, (
                  select count(*)::int from (
                    select from document_chunks c where c.document_id = any(@documents) and c.search @@ w.query::tsquery limit @most) found)
                from (
                  select distinct '''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''' as query
                  from unnest(@languages) language, unnest(to_tsvector(language::regconfig, @question)) limit @words) w
                """,
                (NpgsqlConnection)context.Database.GetDbConnection())
            {
                Parameters =
                {
                    new("documents", documents.Select(document => document.Id).ToArray()),
                    new("languages", languages),
                    new("question", question),
                    new("most", Common + 1),
                    new("words", MaxWords),
                },
            };
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) counted.Add((reader.GetString(0), reader.GetInt32(1)));
        }
        finally
        {
            await context.Database.CloseConnectionAsync();
        }

        var found = counted.Where(word => word.Found > 0).OrderBy(word => word.Found).ThenBy(word => word.Query, StringComparer.Ordinal).ToList();
        var sum = 0;
        var rare = found.TakeWhile(word => word.Found <= Common && (sum += word.Found) <= MaxRanked).ToList();
        return rare.Count > 0 ? rare : found;
    }

    private sealed record Match(Guid Id, Guid DocumentId, double Rank);
}
