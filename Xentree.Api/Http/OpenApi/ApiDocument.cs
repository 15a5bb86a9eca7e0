using Scalar.AspNetCore;

namespace Xentree.Api.Http.OpenApi;

/// <summary>The OpenAPI document and the reference that is made from it.</summary>
internal static class ApiDocument
{
    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1");

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference("/docs/api", options => options.WithTitle("Xentree API").DisableAgent().DisableTelemetry()).AllowAnonymous();
    }
}
