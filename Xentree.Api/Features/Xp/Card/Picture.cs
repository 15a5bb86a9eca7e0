using System.Reflection;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http.Metadata;
using Xentree.Api.Http.ETags;

namespace Xentree.Api.Features.Xp.Card;

/// <summary>An SVG for pages of others: kept for five minutes by whoever serves it on, and asked for again by its tag.</summary>
/// <param name="Svg">The picture.</param>
/// <param name="MayBeKept">Whether it may be shown for a while without asking.</param>
internal sealed record Picture(XElement Svg, bool MayBeKept) : IResult, IEndpointMetadataProvider
{
    private const string MediaType = "image/svg+xml";

    // Opened as a page of its own it is a picture too: styles are all that it has.
    private const string OnlyStyles = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers.ContentSecurityPolicy = OnlyStyles;
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        var text = Svg.ToString(SaveOptions.DisableFormatting);
        return ETag.WriteAsync(httpContext, Encoding.UTF8.GetBytes(text), MediaType + "; charset=utf-8", MayBeKept ? "public, max-age=300" : "public, no-cache");
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [MediaType]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)));
    }
}
