using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Xentree.Data.Idempotency;

/// <summary>Leases and answers of idempotency keys: each step is one statement, so that two requests at once cannot both win it.</summary>
public static class IdempotencyQueries
{
    extension(XentreeDbContext context)
    {
        /// <summary>Takes the lease of a key that nobody used, whose record has expired, or whose lease ran out; false when somebody else holds it.</summary>
        public async Task<bool> TryLeaseAsync(IdempotencyRecord record, Instant now, CancellationToken cancellation) =>
            await context.Database.ExecuteSqlAsync(
                $"""
                insert into idempotency_records (key_hash, request_hash, lease_id, lease_until, answer, expires_at)
                values ({record.KeyHash}, {record.RequestHash}, {record.LeaseId}, {record.LeaseUntil}, null, {record.ExpiresAt})
                on conflict (key_hash) do update
                set request_hash = excluded.request_hash, lease_id = excluded.lease_id, lease_until = excluded.lease_until, answer = null, expires_at = excluded.expires_at
                where idempotency_records.expires_at <= {now}
                   or (idempotency_records.answer is null and idempotency_records.lease_until <= {now} and idempotency_records.request_hash = excluded.request_hash)
                """,
                cancellation) == 1;

        /// <summary>The record of a key, unless it has expired.</summary>
        public Task<IdempotencyRecord?> FindIdempotencyRecordAsync(byte[] keyHash, Instant now, CancellationToken cancellation) =>
            context.IdempotencyRecords.AsNoTracking().SingleOrDefaultAsync(r => r.KeyHash == keyHash && r.ExpiresAt > now, cancellation);

        /// <summary>Moves the end of a lease that is still held.</summary>
        public Task<int> ExtendLeaseAsync(byte[] keyHash, Guid leaseId, Instant until, CancellationToken cancellation) =>
            context.IdempotencyRecords.Where(r => r.KeyHash == keyHash && r.LeaseId == leaseId && r.Answer == null)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.LeaseUntil, until), cancellation);

        /// <summary>Stores the answer, if the lease is still held.</summary>
        public Task<int> StoreAnswerAsync(byte[] keyHash, Guid leaseId, byte[] answer, CancellationToken cancellation) =>
            context.IdempotencyRecords.Where(r => r.KeyHash == keyHash && r.LeaseId == leaseId)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.Answer, answer), cancellation);

        /// <summary>Gives the lease back without an answer: the next request with the key runs.</summary>
        public Task<int> ReleaseLeaseAsync(byte[] keyHash, Guid leaseId, CancellationToken cancellation) =>
            context.IdempotencyRecords.Where(r => r.KeyHash == keyHash && r.LeaseId == leaseId && r.Answer == null)
                .ExecuteDeleteAsync(cancellation);
    }
}
