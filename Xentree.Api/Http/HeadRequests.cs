namespace Xentree.Api.Http;

/// <summary>HEAD is GET without the body (RFC 9110, section 9.3.2): the operation runs as GET, and the server sends the headers only.</summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        // The server itself remembers what was asked, and sends no body.
        if (HttpMethods.IsHead(context.Request.Method)) context.Request.Method = HttpMethods.Get;
        return next(context);
    }
}
