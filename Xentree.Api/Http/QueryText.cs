namespace Xentree.Api.Http;

/// <summary>No query holds a NUL character, which PostgreSQL cannot store: one place for every operation.</summary>
internal sealed class QueryText(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Request.QueryString.Value is { } query && query.Contains("%00", StringComparison.Ordinal)
            ? Failures.Validation("query", "must not hold a NUL character").ExecuteAsync(context)
            : next(context);
}
