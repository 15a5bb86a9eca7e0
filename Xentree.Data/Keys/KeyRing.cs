using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Xentree.Domain;

namespace Xentree.Data.Keys;

/// <summary>
/// The installation's own keys, made at first use and kept in the database under the key-encryption key, so that every replica and
/// every restart agrees. A key never changes once it is made, so it is read once a process.
/// </summary>
public sealed class KeyRing(IDbContextFactory<XentreeDbContext> contexts, KeyEncryption encryption, TimeProvider time)
{
    private const int KeySize = 64;

    private readonly ConcurrentDictionary<string, byte[]> _known = [];

    /// <summary>The 64 bytes of the key for <paramref name="purpose"/>.</summary>
    public ValueTask<byte[]> GetAsync(string purpose, CancellationToken cancellation) =>
        _known.TryGetValue(purpose, out var key) ? ValueTask.FromResult(key) : new(ReadAsync(purpose, cancellation));

    /// <summary>Encrypts every stored key under the current key-encryption key again; the number of keys that changed.</summary>
    public async Task<int> RotateAsync(CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        var stale = await context.ProtectedKeys.Where(k => k.EncryptionKeyId != encryption.CurrentKeyId).ToListAsync(cancellation);
        foreach (var key in stale)
        {
            key.Ciphertext = encryption.Encrypt(encryption.Decrypt(key.Ciphertext, key.EncryptionKeyId, key.Purpose), key.Purpose);
            key.EncryptionKeyId = encryption.CurrentKeyId;
        }

        await context.SaveChangesAsync(cancellation);
        return stale.Count;
    }

    private async Task<byte[]> ReadAsync(string purpose, CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        var row = await FindAsync();
        if (row is null)
        {
            var id = time.NewId();
            var made = encryption.Encrypt(RandomNumberGenerator.GetBytes(KeySize), purpose);
            await context.Database.ExecuteSqlAsync(
                $"""
                insert into protected_keys (id, purpose, encryption_key_id, ciphertext, created_at)
                values ({id}, {purpose}, {encryption.CurrentKeyId}, {made}, {time.Now}) on conflict do nothing
                """,
                cancellation);
            row = await FindAsync() ?? throw new InvalidOperationException($"The key for {purpose} could not be stored.");
        }

        var key = encryption.Decrypt(row.Ciphertext, row.EncryptionKeyId, purpose);
        return _known.GetOrAdd(purpose, key);

        Task<ProtectedKey?> FindAsync() =>
            context.ProtectedKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Purpose == purpose, cancellation);
    }
}
