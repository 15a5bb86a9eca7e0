using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Xentree.Ai;

/// <summary>
/// How a provider failed: a name for logs, metrics and traces, and nothing of what it said. What a provider's library throws may quote the
/// conversation or a part of the key, so nothing else than this leaves <see cref="ProviderStream"/>.
/// </summary>
internal sealed class ProviderFailure(string reason) : Exception(reason)
{
    private const string HttpPrefix = "http_";

    /// <summary>The reason, as <c>http_503</c>, <c>timeout</c>, <c>ConnectionError</c>, <c>cut</c>, <c>empty</c>, <c>busy</c>, <c>resting</c> or the name of an exception.</summary>
    public string Reason { get; } = reason;

    /// <summary>Whether nothing was done yet, so that the same call may be made again.</summary>
    public bool IsSafeToRepeat { get; init; }

    /// <summary>When the provider wants to be asked again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether it says something about the provider; else it is about this request alone.</summary>
    public bool IsOfTheProvider { get; init; } = true;

    /// <summary>Whether the provider was not asked at all.</summary>
    public bool WasNotAsked { get; init; }

    /// <summary>Whether it used no tokens: it was not reached, or it refused.</summary>
    public bool UsedNothing => WasNotAsked || IsSafeToRepeat || Reason.StartsWith(HttpPrefix, StringComparison.Ordinal);

    public static ProviderFailure Timeout => new("timeout");

    /// <summary>A provider that makes as many answers as it may.</summary>
    public static ProviderFailure Busy => new("busy") { WasNotAsked = true };

    /// <summary>An answer of HTTP that is none.</summary>
    public static ProviderFailure OfStatus(int status, TimeSpan? retryAfter) => new($"{HttpPrefix}{status}")
    {
        IsSafeToRepeat = status is 429 or >= 500,
        RetryAfter = retryAfter,
        IsOfTheProvider = status is not (400 or 413 or 422),
    };

    /// <summary>The failure that an exception stands for.</summary>
    public static ProviderFailure Of(Exception exception) => exception switch
    {
        ProviderFailure failure => failure,
        BrokenCircuitException => new("resting") { WasNotAsked = true },
        TimeoutRejectedException => Timeout,
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } =>
            new(error.ToString()) { IsSafeToRepeat = error is HttpRequestError.ConnectionError },
        HttpIOException { HttpRequestError: not HttpRequestError.Unknown and var error } => new(error.ToString()),
        _ when exception.InnerException is { } inner => Of(inner),
        _ => new(exception.GetType().Name),
    };
}
