namespace Xentree.Api.Http.Errors;

/// <summary>Gives a body to an error that has none: what routing (404, 405, 415), binding (413) and the timeout answer.</summary>
internal sealed class BareStatus(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);

        var response = context.Response;
        if (response.StatusCode < 400 || response.HasStarted || response.ContentLength is > 0 || response.ContentType is not null) return;

        await Failures.ForStatus(response.StatusCode).ExecuteAsync(context);
    }
}
