using Microsoft.AspNetCore.Http.Features;

namespace Xentree.Api.Http;

/// <summary>
/// Refuses a body that says that it is larger than the operation accepts. The server's own limit would cut the connection while the
/// client still sends, and the client would see that instead of the answer; without it, the server reads on for up to 5 s.
/// </summary>
internal sealed class BodyLimit(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false, MaxRequestBodySize: { } max } limit
            || !(context.Request.ContentLength > max))
            return next(context);

        limit.MaxRequestBodySize = null;
        return Failures.TooLarge.ExecuteAsync(context);
    }
}
