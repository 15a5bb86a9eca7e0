using Microsoft.EntityFrameworkCore;

namespace Xentree.Data;

/// <summary>Transactions that survive a connection that broke.</summary>
public static class Transactions
{
    extension(XentreeDbContext context)
    {
        /// <summary>
        /// Does <paramref name="work"/> in a transaction and commits it; all of it again when the connection broke or a deadlock was
        /// resolved against it. So the work must read what it decides by inside, and what it does elsewhere must bear repeating.
        /// </summary>
        public Task<T> InTransactionAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation) =>
            context.Database.CreateExecutionStrategy().ExecuteAsync(async cancel =>
            {
                context.ChangeTracker.Clear();
                await using var transaction = await context.Database.BeginTransactionAsync(cancel);
                var result = await work(cancel);
                await transaction.CommitAsync(cancel);
                return result;
            }, cancellation);
    }
}
