using System.Collections.Concurrent;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NodaTime;
using Xentree.Data.Keys;
using Xentree.Domain;

namespace Xentree.Api.Auth;

/// <summary>
/// Access tokens: JSON Web Tokens (RFC 7519) of 15 minutes, signed with HMAC-SHA256 under a key of the installation, because only the
/// installation itself reads them. They hold the user and the session, and nothing that could grow old.
/// </summary>
internal sealed class AccessTokens(KeyRing keys, TimeProvider time)
{
    public static readonly Duration Lifetime = Duration.FromMinutes(15);

    private const string Issuer = "xentree";
    private const string SessionClaim = "sid";

    // A token is read by many requests and says the same each time: what its signature proved is kept until there are too many.
    private const int MaxKnown = 20_000;

    private readonly ConcurrentDictionary<string, (Guid UserId, Guid SessionId, DateTime Expires)> _known = new(StringComparer.Ordinal);
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false, MaximumTokenSizeInBytes = 4096 };

    /// <summary>A new token for a session.</summary>
    public async Task<string> CreateAsync(Guid userId, Guid sessionId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Issuer,
            IssuedAt = now,
            Expires = now + Lifetime.ToTimeSpan(),
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Sub] = userId.ToString(),
                [SessionClaim] = sessionId.ToString(),
                [JwtRegisteredClaimNames.Jti] = time.NewId().ToString(),
            },
            SigningCredentials = new SigningCredentials(await KeyAsync(cancellation), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>The user and the session of a token, or why it is none.</summary>
    public async Task<(Guid UserId, Guid SessionId, Failure? Failure)> ReadAsync(string token, CancellationToken cancellation)
    {
        if (_known.TryGetValue(token, out var known))
        {
            if (known.Expires > time.GetUtcNow().UtcDateTime) return (known.UserId, known.SessionId, null);
            _known.TryRemove(token, out _);
        }

        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = Issuer,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = await KeyAsync(cancellation),
            LifetimeValidator = (_, expires, _, _) => expires > time.GetUtcNow().UtcDateTime,
        });

        if (!result.IsValid)
            return (default, default, result.Exception is SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException ? Failures.TokenExpired : Failures.InvalidToken);

        var jwt = (JsonWebToken)result.SecurityToken;
        if (!jwt.TryGetPayloadValue(SessionClaim, out string? sid) || !Guid.TryParse(sid, out var sessionId) || !Guid.TryParse(jwt.Subject, out var userId))
            return (default, default, Failures.InvalidToken);

        if (_known.Count >= MaxKnown) _known.Clear();
        _known[token] = (userId, sessionId, jwt.ValidTo);
        return (userId, sessionId, null);
    }

    private async ValueTask<SymmetricSecurityKey> KeyAsync(CancellationToken cancellation)
    {
        var key = await keys.GetAsync(KeyPurpose.AccessToken, cancellation);
        return _key ??= new SymmetricSecurityKey(key);
    }

    private SymmetricSecurityKey? _key;
}
