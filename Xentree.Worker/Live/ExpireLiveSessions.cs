using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data;
using Xentree.Data.Live;

namespace Xentree.Worker.Live;

/// <summary>
/// Finishes the sessions whose lease or quota has ended, as the next request would (rule L3): each in a transaction of its own, under the
/// learner's lock. Its count is how many this run finished.
/// </summary>
internal static partial class ExpireLiveSessions
{
    private const int BatchSize = 500;

    public static async Task<long> RunAsync(IServiceProvider services, Instant now, CancellationToken cancellation)
    {
        var (finished, failed, after) = (0L, 0, (At: Instant.FromUtc(1970, 1, 1, 0, 0), Id: Guid.Empty));
        while (true)
        {
            await using var scope = services.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<XentreeDbContext>();
            // One that is renewed meanwhile is passed over by what it says under the lock, and comes again when it is due again.
            var due = await context.LiveSessions.AsNoTracking()
                .Where(s => s.DueAt <= now && (s.DueAt > after.At || (s.DueAt == after.At && s.Id > after.Id)))
                .OrderBy(s => s.DueAt).ThenBy(s => s.Id).Take(BatchSize)
                .Select(s => new { s.Id, s.UserId, DueAt = s.DueAt!.Value }).ToListAsync(cancellation);
            if (due.Count == 0) break;

            var live = scope.ServiceProvider.GetRequiredService<LiveSessions>();
            foreach (var session in due)
            {
                try
                {
                    if (await live.ExpireAsync(session.UserId, session.Id, now, cancellation)) finished++;
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // What is wrong with one session must not keep everybody else's open.
                    failed++;
                    LogFailed(scope.ServiceProvider.GetRequiredService<ILogger<LiveSessions>>(), session.Id, exception);
                }
            }

            after = (due[^1].DueAt, due[^1].Id);
        }

        return failed == 0 ? finished : throw new InvalidOperationException($"{finished} live sessions were finished, but {failed} could not be.");
    }

    [LoggerMessage(LogLevel.Error, "The live session {SessionId} could not be finished")]
    private static partial void LogFailed(ILogger logger, Guid sessionId, Exception reason);
}
