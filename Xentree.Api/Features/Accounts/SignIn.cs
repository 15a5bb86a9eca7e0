using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Api.Auth;
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

    /// <summary>Opens a session.</summary>
    public async Task<TokenResponse> OpenAsync(Guid userId, HttpContext http, CancellationToken cancellation)
    {
        var now = time.Now;
        var agent = http.Request.Headers.UserAgent.ToString();
        var session = new SignInSession
        {
            Id = time.NewId(),
            UserId = userId,
            RotatedAt = now,
            CreatedAt = now,
            ExpiresAt = now + RefreshLifetime,
            UserAgent = agent.Length == 0 ? null : agent[..Math.Min(agent.Length, MaxUserAgent)],
            Address = ClientAddress.Of(http).ToString(),
        };
        context.SignInSessions.Add(session);
        var (token, text) = await NextAsync(session, cancellation);
        context.RefreshTokens.Add(token);
        await context.SaveChangesAsync(cancellation);
        return await AnswerAsync(session, text, cancellation);
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
