using System.Text.Json;

namespace Xentree.Api.Http.Errors;

/// <summary>An answer that is an <see cref="Error"/>; <see cref="Failures"/> lists them all.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The code of the contract.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record Failure(int Status, string Code, string Message) : IResult, IStatusCodeHttpResult
{
    /// <summary>Members that belong to the code.</summary>
    public IReadOnlyDictionary<string, object?>? More { get; init; }

    /// <summary>What is wrong with which field.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>After how many whole seconds to try again: the <c>Retry-After</c> header.</summary>
    public int? RetryAfter { get; init; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    // Every 401 says how to sign in (RFC 9110, section 15.5.2), and whether what was sent is no good (RFC 6750, section 3).
    private string Challenge => Code is "invalid_token" or "token_expired" ? "Bearer realm=\"xentree\", error=\"invalid_token\"" : "Bearer realm=\"xentree\"";

    /// <summary>As an exception, for where no result can be returned.</summary>
    public FailureException AsException() => new(this);

    /// <summary>The body of the answer.</summary>
    public Error ToError(HttpContext context) => ToError(RequestId.Of(context));

    /// <summary>The body of the answer to the request with an id.</summary>
    public Error ToError(string requestId) => new(new ErrorDetail
    {
        Error = Code,
        Message = Message,
        RequestId = requestId,
        Errors = Errors,
        More = More?.ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value, ApiJson.Options)),
    });

    /// <summary>Writes the answer: the one place where an error leaves the API.</summary>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = Challenge;
        response.Headers.CacheControl = "no-store";
        await response.WriteAsJsonAsync(ToError(httpContext), ApiJson.Options, httpContext.RequestAborted);
    }
}

/// <summary>A <see cref="Failure"/> on its way to the fault handler.</summary>
public sealed class FailureException(Failure failure) : Exception(failure.Message)
{
    /// <summary>What to answer.</summary>
    public Failure Failure { get; } = failure;
}
