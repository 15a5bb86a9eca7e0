using Microsoft.AspNetCore.Http.Features;

namespace Xentree.Api.Http.Errors;

/// <summary>Gives a body to an error that has none: what routing (404, 405) and the timeout answer.</summary>
internal sealed class BareStatus(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);

        var response = context.Response;
        if (response.StatusCode < 400 || response.HasStarted || response.ContentLength is > 0 || response.ContentType is not null) return;

        // HEAD has no body, and what a protocol upgrade refused is not ours to word.
        if (HttpMethods.IsHead(context.Request.Method) || context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }) return;

        await Failures.ForStatus(response.StatusCode).ExecuteAsync(context);
    }
}
