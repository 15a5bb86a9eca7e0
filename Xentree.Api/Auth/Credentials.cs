using System.Security.Cryptography;
using System.Text;

namespace Xentree.Api.Auth;

/// <summary>What a request shows of itself, read without asking anybody.</summary>
/// <param name="AccessToken">The access token, where one was sent.</param>
/// <param name="KeyHash">SHA-256 of the API key, where something that can be one was sent.</param>
/// <param name="Failure">Why the request cannot be anybody's.</param>
internal readonly record struct Credentials(string? AccessToken, byte[]? KeyHash, Failure? Failure)
{
    public const string KeyHeader = "X-API-Key";

    /// <summary>Reads the headers of a request.</summary>
    public static Credentials Of(HttpRequest request)
    {
        var authorization = request.Headers.Authorization;
        var keys = request.Headers[KeyHeader];
        if (authorization.Count > 0 && keys.Count > 0) return new(null, null, Failures.AmbiguousCredentials);

        if (keys.Count > 0)
            return keys is [{ } key] && ApiKeyText.IsWellFormed(key) ? new(null, ApiKeyText.Hash(key), null) : new(null, null, Failures.InvalidToken);

        if (authorization.Count == 0) return default;

        const string scheme = "Bearer ";
        return authorization is [{ } value] && value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && value.Length > scheme.Length
            ? new(value[scheme.Length..].Trim(), null, null)
            : new(null, null, Failures.InvalidToken);
    }
}

/// <summary>The text of an API key: <c>xntr-</c> and 86 URL-safe base64 characters of 64 random bytes.</summary>
internal static class ApiKeyText
{
    private const string Start = "xntr-";
    private const int RandomBytes = 64;
    private const int Length = 91;

    /// <summary>How much of a key is kept to recognise it by.</summary>
    public const int PrefixLength = 12;

    public static string Create() => Start + Base64Url.Encode(RandomNumberGenerator.GetBytes(RandomBytes));

    public static bool IsWellFormed(string key) =>
        key.Length == Length && key.StartsWith(Start, StringComparison.Ordinal) && key.AsSpan(Start.Length).IndexOfAnyExcept(Base64Url.Alphabet) < 0;

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
