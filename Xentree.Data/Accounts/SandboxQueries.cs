using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Xentree.Data.Accounts;

/// <summary>The clock of a sandbox user.</summary>
public static class SandboxQueries
{
    extension(XentreeDbContext context)
    {
        /// <summary>Moves the clock to <paramref name="instant"/>, never back, in one statement; where it stands then, null for a user who has none.</summary>
        public async Task<Instant?> AdvanceSandboxClockAsync(Guid userId, Instant instant, CancellationToken cancellation) =>
            (await context.Database.SqlQuery<Instant>(
                $"""
                update users set sandbox_now = greatest(sandbox_now, {instant}) where id = {userId} and sandbox_now is not null returning sandbox_now as "Value"
                """).ToListAsync(cancellation)) is [var now] ? now : null;
    }
}
