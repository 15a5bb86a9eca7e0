using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Xentree.Api.Http.ETags;

/// <summary>Strong entity tags (RFC 9110, section 8.8.3): the hash of a body's bytes.</summary>
internal static class ETag
{
    private const int TagBytes = 16;

    /// <summary>Writes a body with its tag; to a client that has it, a 304.</summary>
    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body, string contentType, string cacheControl)
    {
        var tag = new EntityTagHeaderValue($"\"{Base64Url.Encode(SHA256.HashData(body.Span).AsSpan(0, TagBytes))}\"");
        var response = context.Response;
        response.Headers.ETag = tag.ToString();
        response.Headers.CacheControl = cacheControl;
        if (context.Request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known
            && known.Any(k => k.Equals(EntityTagHeaderValue.Any) || k.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = contentType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
