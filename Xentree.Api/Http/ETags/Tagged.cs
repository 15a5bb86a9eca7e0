using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace Xentree.Api.Http.ETags;

/// <summary>An answer with a strong <c>ETag</c>; a client that has it gets a 304.</summary>
/// <typeparam name="T">The type of the body.</typeparam>
/// <param name="value">The body.</param>
public sealed class Tagged<T>(T value) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) =>
        ETag.WriteAsync(httpContext, JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Options), "application/json; charset=utf-8", "private, no-cache");

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)));
    }
}
