using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.RateLimits;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Keys;
using Xentree.Domain;

namespace Xentree.Api.Features.Accounts;

/// <summary>Opens sessions and rotates their refresh tokens as rule O3 says (RFC 9700, section 4.14).</summary>
internal sealed class SignIn(XentreeDbContext context, KeyRing keys, AccessTokens tokens, Callers callers, TimeProvider time)
{
    private const int MaxUserAgent = 200;

    private static readonly Duration RefreshLifetime = Duration.FromDays(30);

    /// <summary>For so long the answer of a rotation may have been lost on its way.</summary>
    private static readonly Duration Grace = Duration.FromSeconds(10);

    /// <summary>The window that counts an account's failed passwords from an address: nobody can lock another out.</summary>
    public static Window FailuresOf(object account, HttpContext http, RateLimitOptions limits) =>
        new($"limit:login-failures:{ClientAddress.LimitKey(http)}:{account}", "login-failures", limits.LoginFailures);

    /// <summary>Opens a session; null where the password was changed since it was looked at.</summary>
    /// <param name="user">The account, as it was when its password was verified.</param>
    /// <param name="rehashed">The same password under the present parameters, where they changed.</param>
    /// <param name="http">Tells what the client is.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<TokenResponse?> OpenAsync(User user, string? rehashed, HttpContext http, CancellationToken cancellation)
    {
        var (id, verified) = (user.Id, user.PasswordHash);
        var opened = await context.InTransactionAsync(async cancel =>
        {
            if (await context.LockUserAsync(id, cancel) is not { } locked || locked.PasswordHash != verified) return default;
            if (rehashed is not null) locked.PasswordHash = rehashed;

            var session = NewSession(id, http);
            context.SignInSessions.Add(session);
            var (token, text) = await NextAsync(session, cancel);
            context.RefreshTokens.Add(token);
            await context.SaveChangesAsync(cancel);
            return (Session: session, Text: text);
        }, cancellation);
        return opened.Session is null ? null : await AnswerAsync(opened.Session, opened.Text, cancellation);
    }

    private SignInSession NewSession(Guid userId, HttpContext http)
    {
        var now = time.Now;
        var agent = http.Request.Headers.UserAgent.ToString();
        var length = Math.Min(agent.Length, MaxUserAgent);
        // Not between the halves of a character.
        if (length > 0 && char.IsHighSurrogate(agent[length - 1])) length--;
        return new SignInSession
        {
            Id = time.NewId(),
            UserId = userId,
            RotatedAt = now,
            CreatedAt = now,
            ExpiresAt = now + RefreshLifetime,
            UserAgent = length == 0 ? null : agent[..length],
            Address = ClientAddress.Of(http).ToString(),
        };
    }

    /// <summary>Gives a new pair for a refresh token; null where it is none, or no longer one.</summary>
    public async Task<TokenResponse?> RefreshAsync(string refreshToken, CancellationToken cancellation)
    {
        if (Parse(refreshToken) is not var (id, secret)) return null;

        return await context.InTransactionAsync(async cancel =>
        {
            var used = await context.RefreshTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, cancel);
            if (used is null || !CryptographicOperations.FixedTimeEquals(used.SecretHash, Hash(secret))) return null;

            // The lock on the session puts refreshes of one family in a row.
            var session = await context.SignInSessions
                .FromSql($"select * from sign_in_sessions where id = {used.SessionId} for update")
                .SingleOrDefaultAsync(cancel);
            var now = time.Now;
            if (session is null || session.EndedAt is not null || session.ExpiresAt <= now) return null;

            var (answer, text) = (true, "");
            if (used.Generation == session.Generation)
            {
                session.Generation++;
                session.RotatedAt = now;
                session.ExpiresAt = now + RefreshLifetime;
                (var next, text) = await NextAsync(session, cancel);
                context.RefreshTokens.Add(next);
            }
            else if (used.Generation == session.Generation - 1 && now - session.RotatedAt <= Grace)
            {
                // The answer was lost: the same successor again.
                var current = await context.RefreshTokens.AsNoTracking().SingleAsync(t => t.SessionId == session.Id && t.Generation == session.Generation, cancel);
                text = Format(current.Id, await SecretAsync(session.Id, session.Generation, cancel));
            }
            else
            {
                // A token that was used before is in two hands: end the family.
                session.EndedAt = now;
                await callers.ForgetSessionsAsync([session.Id]);
                answer = false;
            }

            await context.SaveChangesAsync(cancel);
            return answer ? await AnswerAsync(session, text, cancel) : null;
        }, cancellation);
    }

    /// <summary>Ends sessions, their access tokens included, on every replica.</summary>
    public async Task<int> EndAsync(IQueryable<SignInSession> sessions, CancellationToken cancellation)
    {
        var ids = await sessions.Where(s => s.EndedAt == null).Select(s => s.Id).ToListAsync(cancellation);
        if (ids.Count == 0) return 0;

        await callers.ForgetSessionsAsync(ids);
        var now = time.Now;
        return await context.SignInSessions.Where(s => ids.Contains(s.Id) && s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), cancellation);
    }

    private async Task<TokenResponse> AnswerAsync(SignInSession session, string refreshToken, CancellationToken cancellation) => new()
    {
        AccessToken = await tokens.CreateAsync(session.UserId, session.Id, cancellation),
        TokenType = "bearer",
        RefreshToken = refreshToken,
        ExpiresIn = (int)AccessTokens.Lifetime.TotalSeconds,
    };

    private async Task<(RefreshToken Row, string Text)> NextAsync(SignInSession session, CancellationToken cancellation)
    {
        var secret = await SecretAsync(session.Id, session.Generation, cancellation);
        var row = new RefreshToken { Id = time.NewId(), SessionId = session.Id, Generation = session.Generation, SecretHash = Hash(secret) };
        return (row, Format(row.Id, secret));
    }

    // Derived, so that it can be given again although only its hash is stored.
    private async Task<byte[]> SecretAsync(Guid family, int generation, CancellationToken cancellation) => HMACSHA256.HashData(
        await keys.GetAsync(KeyPurpose.RefreshToken, cancellation),
        Encoding.ASCII.GetBytes(FormattableString.Invariant($"{family:N}:{generation}")));

    private static byte[] Hash(byte[] secret) => SHA256.HashData(secret);

    private static string Format(Guid id, byte[] secret) => $"{id:N}.{Base64Url.Encode(secret)}";

    private static (Guid Id, byte[] Secret)? Parse(string text) =>
        text.Split('.') is [var id, var secret] && Guid.TryParseExact(id, "N", out var guid) && Base64Url.TryDecode(secret) is { } bytes ? (guid, bytes) : null;
}
