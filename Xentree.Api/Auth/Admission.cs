using Microsoft.Extensions.Options;
using Xentree.Api.Http.RateLimits;
using Xentree.Domain;

namespace Xentree.Api.Auth;

/// <summary>Credentials that were sent and are no good: a public operation goes on without them, any other answers with the failure.</summary>
/// <param name="Failure">Why.</param>
internal sealed record RefusedCredentials(Failure Failure);

/// <summary>Finds out who calls and whether they called too often: one call to Redis, and none to PostgreSQL as a rule.</summary>
internal sealed class Admission(RequestDelegate next, SharedState shared, Callers callers, AccessTokens tokens, IOptions<RateLimitOptions> limits, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var credentials = Credentials.Of(context.Request);
        if (credentials.Failure == Failures.AmbiguousCredentials)
        {
            var (_, tooMany) = await AdmitAsync(context, null, null, null);
            await (tooMany is { } full ? Failures.RateLimited(full.ResetSeconds) : credentials.Failure).ExecuteAsync(context);
            return;
        }

        var (userId, sessionId, failure) = credentials.AccessToken is { } token
            ? await ReadAsync(context, token)
            : (default, default, credentials.Failure);

        var isBearer = credentials.AccessToken is not null && failure is null;
        var callerKey = isBearer ? Callers.SessionKey(sessionId) : credentials.KeyHash is { } hash ? Callers.ApiKeyKey(hash) : null;
        var (stored, exceeded) = await AdmitAsync(context, callerKey, isBearer ? userId : null, credentials.KeyHash);
        if (exceeded is { } window)
        {
            await Failures.RateLimited(window.ResetSeconds).ExecuteAsync(context);
            return;
        }

        if (callerKey is not null)
        {
            var caller = stored is not null ? Callers.Read(stored)
                : isBearer ? await callers.FindSessionAsync(userId, sessionId, context.RequestAborted)
                : await callers.FindApiKeyAsync(credentials.KeyHash!, context.RequestAborted);
            failure = caller is null ? Failures.InvalidToken : Check(context, caller);
            if (failure is null) context.Features.Set(caller);
        }

        if (failure is not null) context.Features.Set(new RefusedCredentials(failure));
        await next(context);
    }

    private async Task<(Guid UserId, Guid SessionId, Failure? Failure)> ReadAsync(HttpContext context, string token)
    {
        try
        {
            return await tokens.ReadAsync(token, context.RequestAborted);
        }
        catch
        {
            // The key that signs tokens cannot be read yet: whoever it is, the request counts.
            await AdmitAsync(context, null, null, null);
            throw;
        }
    }

    private Failure? Check(HttpContext context, Caller caller) => caller.Key switch
    {
        { ExpiresAt: { } end } when end <= time.Now => Failures.TokenExpired,
        { AllowedIps: { Length: > 0 } allowed } when !ClientAddress.IsAllowed(ClientAddress.Of(context), allowed) => Failures.IpNotAllowed,
        _ => null,
    };

    private async Task<(byte[]? Stored, WindowState? Exceeded)> AdmitAsync(HttpContext context, string? callerKey, Guid? userId, byte[]? keyHash)
    {
        var address = ClientAddress.LimitKey(context);
        var options = limits.Value;
        var anonymous = new Window($"limit:a:{address}", "anonymous", options.Anonymous);
        var (known, unknown) = userId is { } user
            ? Both(new Window($"limit:u:{user:N}", "user", options.Caller))
            // A key that nobody knows counts for its address, or trying keys would be free.
            : keyHash is not null ? (new Window($"limit:k:{Convert.ToHexStringLower(keyHash)}", "key", options.Caller), anonymous with { Key = $"limit:ak:{address}" })
            : Both(anonymous);

        var policies = context.GetEndpoint()?.Metadata.GetOrderedMetadata<RateLimitPolicy>() ?? [];
        var own = new Window[policies.Count];
        for (var i = 0; i < own.Length; i++)
        {
            var subject = policies[i].PerUser && userId is { } id ? $"u:{id:N}" : policies[i].PerUser && keyHash is not null ? $"k:{Convert.ToHexStringLower(keyHash)}" : $"a:{address}";
            own[i] = new Window($"limit:{policies[i].Name}:{subject}", policies[i].Name, policies[i].Quota(options));
        }

        var (stored, windows) = await shared.AdmitAsync(callerKey, known, unknown, own);
        WindowState.Announce(context.Response, windows);
        foreach (var window in windows)
        {
            if (window.IsExceeded) return (stored, window);
        }

        return (stored, null);

        static (Window, Window) Both(Window window) => (window, window);
    }
}
