using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data;
using Xentree.Data.Idempotency;

namespace Xentree.Worker.Maintenance;

/// <summary>Deletes what has expired: answers to idempotency keys, and sessions that ended or ran out a day ago, with their refresh tokens.</summary>
internal static class DeleteExpired
{
    private static readonly Duration Kept = Duration.FromDays(1);

    public static async Task<long> RunAsync(IServiceProvider services, Instant now, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<XentreeDbContext>();
        var before = now - Kept;
        return await context.DeleteExpiredIdempotencyRecordsAsync(now, cancellation)
            + await context.SignInSessions.Where(s => s.ExpiresAt < before || s.EndedAt < before).ExecuteDeleteAsync(cancellation);
    }
}
