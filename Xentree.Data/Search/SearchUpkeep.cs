using Microsoft.EntityFrameworkCore;
using Xentree.Domain;

namespace Xentree.Data.Search;

/// <summary>Rebuilds the search index, and keeps it what its sources say. Search goes on meanwhile: a row is served as it was until it is replaced.</summary>
public sealed class SearchUpkeep(XentreeDbContext context, TimeProvider time)
{
    // Rows are locked while they are indexed, so that nobody changes them unseen: not many, and not for long.
    private const int BatchSize = 200;
    private const int OwnerBatchSize = 500;

    /// <summary>The rebuild that is under way, or a new one.</summary>
    public Task<SearchRebuild> RequestAsync(CancellationToken cancellation) => context.InTransactionAsync(async cancel =>
    {
        await context.Database.ExecuteSqlAsync(
            $"""
            insert into search_rebuilds (id, requested_at, sources, after, done, total) values ({time.NewId()}, {time.Now}, 0, {Guid.Empty}, 0, 0)
            on conflict do nothing
            """,
            cancel);
        return await context.SearchRebuilds.AsNoTracking().SingleAsync(r => r.FinishedAt == null, cancel);
    }, cancellation);

    /// <summary>
    /// Does what is left of a rebuild: what Hangfire calls. Each batch is a transaction that also says how far the rebuild has come, so one
    /// that is killed goes on where it stopped, and two at once share the work.
    /// </summary>
    public async Task RebuildAsync(Guid rebuildId, CancellationToken cancellation)
    {
        while (await StepAsync(rebuildId, cancellation))
        {
        }
    }

    /// <summary>Continues a rebuild whose job was lost, indexes rows that no write path indexed, and forgets words that nobody has any more; how many of each together.</summary>
    public async Task<long> SweepAsync(CancellationToken cancellation)
    {
        foreach (var id in await context.SearchRebuilds.Where(r => r.FinishedAt == null).Select(r => r.Id).ToListAsync(cancellation)) await RebuildAsync(id, cancellation);

        var count = 0L;
        foreach (var source in SearchSource.All) count += await IndexMissingAsync(source, cancellation);
        return count + await ForgetWordsAsync(cancellation);
    }

    /// <summary>Does one batch; false when there is nothing left to do.</summary>
    public Task<bool> StepAsync(Guid rebuildId, CancellationToken cancellation) => context.InTransactionAsync(async cancel =>
    {
        var rebuild = await context.SearchRebuilds.FromSql($"select * from search_rebuilds where id = {rebuildId} for update").SingleOrDefaultAsync(cancel);
        if (rebuild is null or { FinishedAt: not null }) return false;

        if (rebuild.StartedAt is null)
        {
            rebuild.StartedAt = time.Now;
            foreach (var source in SearchSource.All) rebuild.Total += await CountAsync(source, cancel);
        }

        if (rebuild.Sources < SearchSource.All.Count)
        {
            var source = SearchSource.All[rebuild.Sources];
            var next = $$"""select s.id "Value" from {{source.Table}} s where s.id > {0} order by s.id limit {{BatchSize}} for share""";
            var ids = await context.Database.SqlQueryRaw<Guid>(next, rebuild.After).ToListAsync(cancel);
            if (ids.Count > 0) await context.IndexAsync(source, ids, cancel);
            rebuild.Done += ids.Count;
            if (ids.Count < BatchSize) (rebuild.Sources, rebuild.After) = (rebuild.Sources + 1, Guid.Empty);
            else rebuild.After = ids[^1];
        }

        if (rebuild.Sources == SearchSource.All.Count) rebuild.FinishedAt = time.Now;
        await context.SaveChangesAsync(cancel);
        return rebuild.FinishedAt is null;
    }, cancellation);

    private Task<long> CountAsync(SearchSource source, CancellationToken cancellation)
    {
        var count = $"""select count(*) "Value" from {source.Table}""";
        return context.Database.SqlQueryRaw<long>(count).SingleAsync(cancellation);
    }

    private async Task<long> IndexMissingAsync(SearchSource source, CancellationToken cancellation)
    {
        var next =
            $$"""
            select s.id "Value" from {{source.Table}} s
            where s.id > {0} and not exists (select from search_entries e where e.id = s.id) order by s.id limit {{BatchSize}} for share
            """;
        for (var (count, after) = (0L, Guid.Empty); ;)
        {
            var ids = await context.InTransactionAsync(async cancel =>
            {
                var missing = await context.Database.SqlQueryRaw<Guid>(next, after).ToListAsync(cancel);
                if (missing.Count > 0) await context.IndexAsync(source, missing, cancel);
                return missing;
            }, cancellation);
            count += ids.Count;
            if (ids.Count < BatchSize) return count;

            after = ids[^1];
        }
    }

    // One user at a time: their words against their texts. A word that is written meanwhile may go, and comes back with its next text.
    private async Task<long> ForgetWordsAsync(CancellationToken cancellation)
    {
        for (var (count, after) = (0L, Guid.Empty); ;)
        {
            var users = await context.Users.Where(u => u.Id > after && context.SearchWords.Any(w => w.UserId == u.Id))
                .OrderBy(u => u.Id).Take(OwnerBatchSize).Select(u => u.Id).ToListAsync(cancellation);
            foreach (var userId in users)
            {
                count += await context.Database.ExecuteSqlAsync(
                    $"""
                    delete from search_words w
                    where w.user_id = {userId} and (w.audience_id, w.word) not in (
                      select e.audience_id, t.lexeme from search_entries e, unnest(e.vector) t where e.user_id = {userId})
                    """,
                    cancellation);
            }

            if (users.Count < OwnerBatchSize) return count;

            after = users[^1];
        }
    }
}
