namespace Xentree.Api.Http;

/// <summary>What every answer carries, errors included. Written last, because a request that ran out of time loses what was written before.</summary>
internal sealed class AnswerHeaders(RequestDelegate next)
{
    // Data is not a page: nothing in it may run, load or be framed. A page says what it needs instead.
    private const string NothingRuns = "default-src 'none'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        var id = RequestId.Of(context);
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers[RequestId.Header] = id;
            headers.XContentTypeOptions = "nosniff";
            if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = NothingRuns;
            return Task.CompletedTask;
        });
        return next(context);
    }
}
