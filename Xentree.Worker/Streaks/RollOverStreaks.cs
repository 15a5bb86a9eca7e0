using NodaTime;
using Xentree.Data.Learning;

namespace Xentree.Worker.Streaks;

/// <summary>
/// Closes the days that are over. Reads never need it: it makes durable what they derive, closes yesterday's quests, records what
/// happened and moves checkpoints on. It touches only the learners whose midnight has passed and who have something to settle.
/// </summary>
internal static partial class RollOverStreaks
{
    public static async Task<long> RunAsync(IServiceProvider services, Instant now, CancellationToken cancellation)
    {
        var (count, failed) = (0L, 0);
        for (var batch = RolloverBatch.Start; ;)
        {
            await using var scope = services.CreateAsyncScope();
            batch = await scope.ServiceProvider.GetRequiredService<Rollover>().SettleAsync(now, batch, cancellation);
            if (batch == RolloverBatch.Start) break;

            count += batch.Settled;
            failed += batch.Failures.Count;
            var logger = scope.ServiceProvider.GetRequiredService<ILogger<Rollover>>();
            foreach (var (userId, reason) in batch.Failures) LogFailed(logger, userId, reason);
        }

        return failed == 0 ? count : throw new InvalidOperationException($"{count} learners were settled, but {failed} could not be: `rebuild` says why.");
    }

    [LoggerMessage(LogLevel.Error, "The day of {UserId} could not be closed")]
    private static partial void LogFailed(ILogger logger, Guid userId, Exception reason);
}
