using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data;

namespace Xentree.Worker.Maintenance;

/// <summary>
/// Deletes what has expired: answers to idempotency keys, tickets for sockets, sessions that ended or ran out a day ago, with their refresh tokens, and budgets
/// of AI tokens of days that are over for longer than an answer takes. What was used stays in the usage.
/// </summary>
internal static class DeleteExpired
{
    private const int BatchSize = 5_000;

    private static readonly Duration Kept = Duration.FromDays(1);

    public static async Task<long> RunAsync(IServiceProvider services, Instant now, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<XentreeDbContext>();
        var before = now - Kept;
        var lastDay = before.InUtc().Date.PlusDays(-1);
        return await InBatchesAsync(context.IdempotencyRecords.Where(r => r.ExpiresAt <= now), cancellation)
            + await InBatchesAsync(context.LiveSocketTokens.Where(t => t.ExpiresAt <= now), cancellation)
            + await InBatchesAsync(context.SignInSessions.Where(s => s.ExpiresAt < before || s.EndedAt < before), cancellation)
            + await InBatchesAsync(context.AiBudgets.Where(b => b.Day < lastDay), cancellation);
    }

    // A backlog of any size goes in statements that each end soon.
    private static async Task<long> InBatchesAsync<TRow>(IQueryable<TRow> rows, CancellationToken cancellation)
        where TRow : class
    {
        for (var count = 0L; ;)
        {
            var deleted = await rows.Take(BatchSize).ExecuteDeleteAsync(cancellation);
            count += deleted;
            if (deleted < BatchSize) return count;
        }
    }
}
