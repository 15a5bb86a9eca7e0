using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data;
using Xentree.Data.Learning;

namespace Xentree.Worker.Learning;

/// <summary>
/// Derives the aggregates of recently active learners again and puts right what differs (rule P4). Its count is how many learners it
/// repaired: in health, 0.
/// </summary>
internal static partial class VerifyAggregates
{
    private const int BatchSize = 500;

    public static async Task<long> RunAsync(IServiceProvider services, Instant now, CancellationToken cancellation)
    {
        var (repaired, after) = (0L, Guid.Empty);
        while (true)
        {
            await using var scope = services.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<XentreeDbContext>();
            // Whoever has a streak or open quests has something to settle: nobody else was active of late.
            var learners = await context.Learners.Where(l => l.SettleAt != null && l.UserId > after)
                .OrderBy(l => l.UserId).Take(BatchSize).Select(l => l.UserId).ToListAsync(cancellation);
            if (learners.Count == 0) return repaired;

            var rebuild = scope.ServiceProvider.GetRequiredService<Rebuild>();
            var logger = scope.ServiceProvider.GetRequiredService<ILogger<Rebuild>>();
            foreach (var userId in learners)
            {
                if (await rebuild.RunAsync(userId, repair: true, cancellation) is not { Count: > 0 } differences) continue;

                repaired++;
                LogRepaired(logger, userId, string.Join(", ", differences.Select(difference => difference.What)));
            }

            after = learners[^1];
        }
    }

    [LoggerMessage(LogLevel.Error, "Aggregates of {UserId} were not what the inputs say, and were repaired: {What}")]
    private static partial void LogRepaired(ILogger logger, Guid userId, string what);
}
