using Microsoft.EntityFrameworkCore;

namespace Xentree.Data.Search;

/// <summary>Puts what is written where search finds it.</summary>
public static class SearchIndex
{
    // What PostgreSQL can index of one text; only what no person writes at once is longer.
    private const int MaxLength = 100_000;

    extension(XentreeDbContext context)
    {
        /// <summary>
        /// Indexes rows of a source as they now stand, in the language of their user. Call it in the transaction that wrote them, after they
        /// are saved: then what is written is found at once, and what is found was written. Indexing again changes nothing.
        /// </summary>
        public Task IndexAsync(SearchSource source, IReadOnlyCollection<Guid> ids, CancellationToken cancellation)
        {
            // Words go in by order, so that two transactions that add the same ones wait for each other and not in a circle.
            var sql =
                $$"""
                with source ({{SearchSource.Columns}}) as ({{source.Select}} where s.id = any({0})),
                written as (
                  insert into search_entries ({{SearchSource.Columns}}, type, config)
                  select s.id, item_id, user_id, s.organization_id, audience_id, conversation_id, note_id, live_transcript_id, document_id, title, left(content, {{MaxLength}}), s.created_at,
                         '{{source.Type}}', coalesce(l.config, 'simple')::regconfig
                  from source s
                  join users u on u.id = s.user_id
                  left join unnest({1}, {2}) l (language, config) on l.language = split_part(lower(u.language), '-', 1)
                  order by s.id
                  on conflict (id) do update set
                    organization_id = excluded.organization_id, audience_id = excluded.audience_id, title = excluded.title, content = excluded.content, config = excluded.config
                  returning user_id, audience_id, title, content)
                insert into search_words (user_id, audience_id, word, folded)
                select distinct user_id, audience_id, t.lexeme, unaccent(t.lexeme)
                from written, unnest(to_tsvector('simple', {{SearchText.Indexed("concat_ws(' ', title, content)")}})) t
                where length(t.lexeme) between {{SearchText.MinWord}} and {{SearchText.MaxWord}}
                order by 1, 2, 3
                on conflict do nothing
                """;
            return context.Database.ExecuteSqlRawAsync(sql, [ids.ToArray(), SearchLanguages.Tags, SearchLanguages.Configs], cancellation);
        }
    }
}
