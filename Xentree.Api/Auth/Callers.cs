using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Domain;

namespace Xentree.Api.Auth;

/// <summary>Looks callers up in PostgreSQL, and lets every replica forget them when something is taken from them.</summary>
internal sealed class Callers(IDbContextFactory<XentreeDbContext> contexts, SharedState shared, TimeProvider time)
{
    private static readonly Duration LastUsedResolution = Duration.FromMinutes(1);

    public static string SessionKey(Guid sessionId) => $"caller:s:{sessionId:N}";

    public static string ApiKeyKey(ReadOnlySpan<byte> hash) => $"caller:k:{Convert.ToHexStringLower(hash)}";

    public static Caller? Read(byte[] stored) => JsonSerializer.Deserialize<Caller>(stored, StoredJson);

    /// <summary>The caller of a session; null where the session has ended.</summary>
    public async Task<Caller?> FindSessionAsync(Guid userId, Guid sessionId, CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        var caller = await (
            from session in context.SignInSessions
            where session.Id == sessionId && session.UserId == userId && session.EndedAt == null
            join user in context.Users on session.UserId equals user.Id
            select new Caller { UserId = user.Id, SessionId = session.Id, IsAdmin = user.Role == UserRole.Admin, IsSandbox = user.SandboxNow != null })
            .SingleOrDefaultAsync(cancellation);
        return await RememberAsync(SessionKey(sessionId), caller);
    }

    /// <summary>The caller of an API key; null where there is none with this hash.</summary>
    public async Task<Caller?> FindApiKeyAsync(byte[] hash, CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        var row = await (
            from key in context.ApiKeys
            where key.Hash == hash
            join user in context.Users on key.CreatedBy equals user.Id
            select new { key.Hash, key.LastUsedAt, key.Id, key.OrganizationId, key.Scopes, key.AllowedIps, key.ExpiresAt, UserId = user.Id, IsSandbox = user.SandboxNow != null })
            .SingleOrDefaultAsync(cancellation);
        if (row is null || !CryptographicOperations.FixedTimeEquals(row.Hash, hash)) return null;

        var now = time.Now;
        if (row.LastUsedAt is null || now - row.LastUsedAt >= LastUsedResolution)
            await context.ApiKeys.Where(k => k.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now), cancellation);

        // A key never acts as an administrator of the installation, whoever made it.
        return await RememberAsync(ApiKeyKey(hash), new Caller
        {
            UserId = row.UserId,
            IsSandbox = row.IsSandbox,
            Key = new KeyCaller(row.Id, row.OrganizationId, row.Scopes, row.AllowedIps, row.ExpiresAt),
        });
    }

    /// <summary>Forgets sessions; before the transaction that ends them commits.</summary>
    public Task ForgetSessionsAsync(IEnumerable<Guid> sessionIds) => shared.ForgetAsync([.. sessionIds.Select(SessionKey)]);

    /// <summary>Forgets API keys by their hashes; before the transaction that deletes them commits.</summary>
    public Task ForgetApiKeysAsync(IEnumerable<byte[]> hashes) => shared.ForgetAsync([.. hashes.Select(hash => ApiKeyKey(hash))]);

    private static readonly JsonSerializerOptions StoredJson = new() { Converters = { new Http.Json.InstantConverter() } };

    private async Task<Caller?> RememberAsync(string key, Caller? caller)
    {
        if (caller is not null) await shared.RememberAsync(key, JsonSerializer.SerializeToUtf8Bytes(caller, StoredJson));
        return caller;
    }
}
