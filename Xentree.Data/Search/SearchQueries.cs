using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Xentree.Data.Search;

/// <summary>Something that was found: a conversation, a note, a transcript or a document, by its best text.</summary>
/// <param name="Type">What it is, by the name in <see cref="SearchType"/>.</param>
/// <param name="EntryId">The text that matched: the message, or what was found itself.</param>
/// <param name="ItemId">What was found.</param>
/// <param name="Title">Its title; null for a conversation without one.</param>
/// <param name="Snippet">Passages of the text, what matched between <see cref="SearchQueries.MatchStart"/> and <see cref="SearchQueries.MatchEnd"/>.</param>
/// <param name="Score">How well it matches: reciprocal ranks, added up.</param>
/// <param name="CreatedAt">When the text was said or written.</param>
public sealed record SearchMatch(string Type, Guid EntryId, Guid ItemId, string? Title, string Snippet, double Score, Instant CreatedAt);

/// <summary>Finds texts.</summary>
public static class SearchQueries
{
    /// <summary>Stands before what matched in a snippet. It cannot stand in the text itself: that is rid of it.</summary>
    public const char MatchStart = '\u0001';

    /// <summary>Stands behind what matched in a snippet.</summary>
    public const char MatchEnd = '\u0002';

    /// <summary>Stands for <c>&lt;</c> in a snippet, where PostgreSQL would pass over a tag.</summary>
    public const char LessThan = '\u0003';

    /// <summary>How many texts are ranked at the most, and how many of the newest are looked at: what bounds the time of a search for a word that is everywhere.</summary>
    public const int MaxRanked = 300;

    private const int MaxNearRanked = 150;
    private const int ShortText = 200;
    private const int MaxExpanded = 8;
    private const int MaxTerms = 30;

    extension(XentreeDbContext context)
    {
        /// <summary>
        /// The best matches of a query in what the owner may see, in one statement: full text in the user's language and by the words as
        /// they stand, and the same with words that are near those typed, fused by reciprocal rank.
        /// </summary>
        /// <param name="owner">Who searches.</param>
        /// <param name="query">As it was typed; quotes, <c>or</c> and a minus mean what they mean in a web search.</param>
        /// <param name="type">What to find; null for everything.</param>
        /// <param name="limit">How many at the most.</param>
        /// <param name="cancellation">Ends the wait.</param>
        public async Task<List<SearchMatch>> SearchAsync(Owner owner, string query, SearchType? type, int limit, CancellationToken cancellation)
        {
            query = query.Replace('<', ' ');
            var isExact = SearchText.IsExact(query);
            if (await context.ReadQueryAsync(owner, query, isExact, cancellation) is not { } read) return [];

            var terms = JsonSerializer.Deserialize<List<Term>>(read.Terms, JsonSerializerOptions.Web)!;
            var near = terms.ConvertAll(term => (Term: term, Words: SearchText.Near(term.Folded, term.Words).ToList()));
            var nearWords = near.SelectMany(n => n.Words).ToList();
            // The words as they stand: those that the language passes over only where there are no others.
            var words = terms.Count is 0 ? read.Words : terms.Count < MaxTerms ? And(terms.Select(term => SearchText.Literal(term.Word))) : "";
            var exact = Or([read.Plain, words]);
            if (exact.Length == 0) return [];

            return await context.MatchAsync(
                owner, read, exact,
                // Where no word is near any, it would say the same again.
                near: nearWords.Count == 0 ? null : And(near.Select(n => Or([n.Term.Stem, SearchText.Literal(n.Term.Word), .. n.Words.Select(w => SearchText.Literal(w.Word))]))),
                type?.ToString(),
                // In the language of the reader; words that it passes over are marked where there are no others.
                marked: Or([read.Plain, .. nearWords.Select(w => w.Stem).Distinct()]) is { Length: > 0 } stems ? (read.Config, stems) : ("simple", exact),
                limit, cancellation);
        }

        // The query as PostgreSQL reads it, and what of the audiences' words resembles its own. Only words with its first or its second letter
        // at their beginning are compared, so that the time depends on what the reader has and not on what everybody has.
        private async Task<ReadQuery?> ReadQueryAsync(Owner owner, string query, bool isExact, CancellationToken cancellation) =>
            (await context.Database.SqlQuery<ReadQuery>(
                $$"""
                with reader as materialized (
                  select coalesce(l.config, 'simple')::regconfig config
                  from users u left join unnest({{SearchLanguages.Tags}}, {{SearchLanguages.Configs}}) l (language, config) on l.language = split_part(lower(u.language), '-', 1)
                  where u.id = {{owner.UserId}}),
                audiences as materialized (
                  select {{owner.UserId}} id
                  union all
                  select m.organization_id from members m where m.user_id = {{owner.UserId}} and ({{owner.OrganizationId}}::uuid is null or m.organization_id = {{owner.OrganizationId}})),
                terms as materialized (
                  select t.lexeme, unaccent(t.lexeme) folded, reader.config, row_number() over (order by t.positions[1]) place
                  from reader, unnest(to_tsvector('simple', {{query}})) t
                  where not {{isExact}} and to_tsvector(reader.config, t.lexeme) <> ''
                  limit {{MaxTerms}})
                select
                  config::text config,
                  websearch_to_tsquery(config, {{query}})::text plain,
                  case when {{query}} ~ '(^|\s)-' and numnode(websearch_to_tsquery(config, {{query}})) > 0 then '' else websearch_to_tsquery('simple', {{query}})::text end words,
                  to_tsvector('english', {{query}}) = '' or numnode(websearch_to_tsquery(config, {{query}})) = 0 is_common,
                  array(select id from audiences) audiences,
                  coalesce((
                    select json_agg(json_build_object(
                      'word', t.lexeme, 'folded', t.folded, 'stem', plainto_tsquery(t.config, t.lexeme)::text,
                      'words', (
                        select coalesce(json_agg(json_build_object('word', n.word, 'folded', n.folded, 'stem', plainto_tsquery(t.config, n.word)::text)), '[]')
                        from (
                          select distinct w.word, w.folded, similarity(w.folded, t.folded)
                          from audiences a cross join unnest(array[left(t.folded, 1), substr(t.folded, 2, 1)]) f (letter) cross join lateral (
                            select * from search_words w
                            where w.audience_id = a.id and w.folded ~>=~ f.letter and w.folded ~<~ (f.letter || chr(1114111))
                              and (similarity(w.folded, t.folded) >= 0.2 or starts_with(w.folded, t.folded))) w
                          where t.place <= {{MaxExpanded}} and length(t.lexeme) between {{SearchText.MinWord}} and {{SearchText.MaxWord}} and w.word <> t.lexeme
                          order by 3 desc
                          limit 40) n)) order by t.place)
                    from terms t)::text, '[]') terms
                from reader
                """).ToListAsync(cancellation)).SingleOrDefault();

        private Task<List<SearchMatch>> MatchAsync(
            Owner owner, ReadQuery read, string exact, string? near, string? type, (string Config, string Query) marked, int limit, CancellationToken cancellation) =>
            context.Database.SqlQuery<SearchMatch>(
                $$"""
                with queries as materialized (
                  select q.*, {{read.IsCommon}} or querytree(query) in ('', 'T') is_open
                  from (values ({{exact}}::tsquery, 1.0, {{MaxRanked}}), ({{near}}::tsquery, 0.5, {{MaxNearRanked}})) q (query, weight, size) where query is not null),
                found as materialized (
                  select q.weight, q.query, e.id, e.item_id, e.created_at, e.has_text, ts_rank(e.vector, q.query) rank
                  from queries q cross join unnest({{read.Audiences}}) a (id) cross join lateral (
                    select id, item_id, created_at, content <> '' has_text, vector from search_entries e
                    where e.audience_id = a.id and e.vector @@ q.query
                      and ({{owner.OrganizationId}}::uuid is null or e.organization_id = {{owner.OrganizationId}}) and ({{type}}::text is null or e.type = {{type}})
                    limit q.size) e
                  where not q.is_open),
                -- A word that is in more texts than are ranked is in some of the newest too; a query that asks for no such word looks at these alone.
                newest as materialized (
                  select q.weight, q.query, e.id, e.item_id, e.created_at, e.has_text, ts_rank(e.vector, q.query) rank
                  from queries q cross join unnest({{read.Audiences}}) a (id) cross join lateral (
                    select id, item_id, created_at, content <> '' has_text, vector
                    from (select * from search_entries e where e.audience_id = a.id order by e.id desc limit {{MaxRanked}}) e
                    where e.vector @@ q.query
                      and ({{owner.OrganizationId}}::uuid is null or e.organization_id = {{owner.OrganizationId}}) and ({{type}}::text is null or e.type = {{type}})) e
                  where q.is_open or (select count(*) from found f where f.weight = q.weight) >= q.size),
                -- Placed by whatever matches best of it, and shown by its text: a title alone shows nothing.
                best as (
                  select distinct on (weight, item_id) weight, item_id, id, created_at, max(rank) over (partition by weight, item_id) rank
                  from (select * from found union all select * from newest) m
                  order by weight, item_id, has_text desc, m.rank desc, created_at desc, id desc),
                fused as (
                  select item_id, (array_agg(id order by weight desc))[1] id, max(created_at) created_at, sum(weight / (60 + place))::double precision score
                  from (select *, row_number() over (partition by weight order by rank desc, created_at desc, id desc) place from best) b
                  group by item_id
                  order by score desc, created_at desc, id desc
                  limit {{limit}})
                select e.type, e.id entry_id, e.item_id, coalesce(e.title, (select c.title from conversations c where c.id = e.conversation_id)) title,
                  ts_headline({{marked.Config}}::regconfig, translate(e.content, {{$"<{MatchStart}{MatchEnd}{LessThan}"}}, {{$"{LessThan}"}}), {{marked.Query}}::tsquery,
                    case when length(e.content) <= {{ShortText}} then {{WholeText}} else {{Passages}} end) snippet,
                  f.score, e.created_at
                from fused f join search_entries e on e.id = f.id
                order by f.score desc, f.created_at desc, f.id desc
                """).ToListAsync(cancellation);
    }

    private static string WholeText { get; } = $"StartSel={MatchStart}, StopSel={MatchEnd}, HighlightAll=true";

    private static string Passages { get; } = $"StartSel={MatchStart}, StopSel={MatchEnd}, MaxFragments=2, MaxWords=24, MinWords=8, FragmentDelimiter=\" … \"";

    private static string Or(IEnumerable<string> queries) => Joined(queries, " | ");

    private static string And(IEnumerable<string> queries) => Joined(queries, " & ");

    private static string Joined(IEnumerable<string> queries, string by) => string.Join(by, queries.Where(query => query.Length > 0).Select(query => $"({query})"));

    /// <summary>A query as PostgreSQL reads it.</summary>
    /// <param name="Config">The text search configuration of the reader's language.</param>
    /// <param name="Plain">The query in that language.</param>
    /// <param name="Words">The query by the words as they stand; empty where they would bring back what the query excludes.</param>
    /// <param name="IsCommon">Whether all its words are of the kind that is in most texts.</param>
    /// <param name="Audiences">As whom the reader finds: the user, and organizations.</param>
    /// <param name="Terms">Its words, and for each the known words that resemble it, as JSON.</param>
    private sealed record ReadQuery(string Config, string Plain, string Words, bool IsCommon, Guid[] Audiences, string Terms);

    private sealed record Term(string Word, string Folded, string Stem, List<KnownWord> Words);
}
