using Microsoft.EntityFrameworkCore;

namespace Xentree.Data;

/// <summary>Transactions that survive a connection that broke.</summary>
public static class Transactions
{
    extension(XentreeDbContext context)
    {
        /// <summary>
        /// Does <paramref name="work"/> in a transaction and commits it; all of it again when the connection broke or a deadlock was
        /// resolved against it. A commit whose answer was lost is asked for by its transaction id, so nothing is done twice. The work must
        /// read what it decides by inside, and what it does elsewhere must bear repeating.
        /// </summary>
        public async Task<T> InTransactionAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
        {
            var (transactionId, result) = ((string?)null, default(T)!);
            return await context.Database.CreateExecutionStrategy().ExecuteAsync(async cancel =>
            {
                if (transactionId is not null && await context.IsCommittedAsync(transactionId, cancel)) return result;

                transactionId = null;
                context.ChangeTracker.Clear();
                await using var transaction = await context.Database.BeginTransactionAsync(cancel);
                result = await work(cancel);
                var id = await context.Database.SqlQuery<string>($"select pg_current_xact_id()::text as \"Value\"").SingleAsync(cancel);
                transactionId = id;
                await transaction.CommitAsync(cancel);
                return result;
            }, cancellation);
        }

        private async Task<bool> IsCommittedAsync(string transactionId, CancellationToken cancellation) =>
            await context.Database.SqlQuery<string>($"select pg_xact_status({transactionId}::xid8) as \"Value\"").SingleOrDefaultAsync(cancellation) == "committed";
    }
}
