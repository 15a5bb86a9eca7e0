using Scalar.AspNetCore;

namespace Xentree.Api.Http.OpenApi;

/// <summary>The OpenAPI document and the reference that is made from it.</summary>
internal static class ApiDocument
{
    private const string ReferencePath = "/docs/api";

    // The reference is one page of scripts and styles of its own: it talks to this host and to nobody else.
    private const string ReferencePolicy =
        "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.CreateSchemaReferenceId = SchemaRules.NameOf;
        options.AddSchemaTransformer<SchemaRules>();
        options.AddOperationTransformer<OperationRules>();
        options.AddDocumentTransformer<DocumentRules>();
    });

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference(ReferencePath, options => options
                .WithTitle("Xentree API")
                .DisableDefaultFonts()
                .DisableAgent()
                .DisableTelemetry()
                .DisableMcp()
                .HideDeveloperTools()
                .HideClientButton())
            .AddEndpointFilter(async (context, next) =>
            {
                context.HttpContext.Response.Headers.ContentSecurityPolicy = ReferencePolicy;
                context.HttpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
                return await next(context);
            })
            .AllowAnonymous();
    }
}
