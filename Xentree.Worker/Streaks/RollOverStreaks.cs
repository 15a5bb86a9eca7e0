using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data;
using Xentree.Data.Learning;

namespace Xentree.Worker.Streaks;

/// <summary>
/// Closes the days that are over. Reads never need it: it makes durable what they derive, closes yesterday's quests and moves
/// checkpoints on. It touches only the learners whose midnight has passed and who have something to settle, found by an index.
/// </summary>
internal static class RollOverStreaks
{
    private const int BatchSize = 500;

    public static async Task<long> RunAsync(IServiceProvider services, Instant now, CancellationToken cancellation)
    {
        var count = 0L;
        while (true)
        {
            await using var scope = services.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<XentreeDbContext>();
            var due = await context.Learners.Where(l => l.SettleAt <= now).OrderBy(l => l.SettleAt).Take(BatchSize).Select(l => l.UserId).ToListAsync(cancellation);
            if (due.Count == 0) return count;

            var learning = scope.ServiceProvider.GetRequiredService<LearningWrites>();
            foreach (var userId in due) await learning.SettleAsync(userId, now, cancellation);
            count += due.Count;
        }
    }
}
