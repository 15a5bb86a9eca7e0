using System.Threading.RateLimiting;

namespace Xentree.Data.Learning;

/// <summary>
/// Puts the writes of one learner in a row before they take a connection. Who sends a thousand at once waits for themselves; else all
/// connections of the pool would stand behind that one learner's row, and everybody would wait for them. What other replicas write
/// meanwhile, the row's lock puts in order.
/// </summary>
public sealed class LearnerQueue : IDisposable
{
    private readonly PartitionedRateLimiter<Guid> _turns = PartitionedRateLimiter.Create<Guid, Guid>(userId => RateLimitPartition.GetConcurrencyLimiter(
        userId, _ => new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = int.MaxValue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));

    /// <summary>Waits for the learner's turn, which lasts until the answer is disposed of. Whoever holds a turn must not ask for another.</summary>
    public ValueTask<RateLimitLease> EnterAsync(Guid userId, CancellationToken cancellation) => _turns.AcquireAsync(userId, permitCount: 1, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();
}
