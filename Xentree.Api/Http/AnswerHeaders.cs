namespace Xentree.Api.Http;

/// <summary>What every answer carries, errors included; and what no request may hold.</summary>
internal sealed class AnswerHeaders(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers[RequestId.Header] = RequestId.Of(context);
        headers.XContentTypeOptions = "nosniff";

        if (context.Request.QueryString.Value is { } query && query.Contains("%00", StringComparison.Ordinal))
        {
            await Failures.Validation("query", "must not hold a NUL character").ExecuteAsync(context);
            return;
        }

        await next(context);
    }
}
