using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data;
using Xentree.Data.Idempotency;
using Xentree.Domain;

namespace Xentree.Worker.Maintenance;

/// <summary>Deletes what has expired: answers to idempotency keys, and sessions that ended or ran out a day ago, with their refresh tokens.</summary>
public sealed class DeleteExpired(XentreeDbContext context, TimeProvider time)
{
    private static readonly Duration Kept = Duration.FromDays(1);

    /// <summary>Runs the job; how many rows went.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var now = time.Now;
        var before = now - Kept;
        return await context.DeleteExpiredIdempotencyRecordsAsync(now, cancellation)
            + await context.SignInSessions.Where(s => s.ExpiresAt < before || s.EndedAt < before).ExecuteDeleteAsync(cancellation);
    }
}
