using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Xentree.Api.Http.OpenApi;

/// <summary>The probes: every host maps them, so no feature describes them.</summary>
internal static class HealthOperations
{
    private const string Schema = "HealthReport";

    public static async Task AddAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.AddComponent<IOpenApiSchema>(Schema, await context.GetOrCreateSchemaAsync(typeof(HealthReport), null, cancellation));
        Add(document, "/health", "getHealth", "Get the readiness of the API", "Whether traffic may be sent here, with each server that the API needs. `Degraded` still serves.");
        Add(document, "/alive", "getAlive", "Get the liveness of the API", "Whether the process runs; when not, only a restart helps.");
    }

    private static void Add(OpenApiDocument document, string path, string id, string summary, string description) => document.Paths[path] = new OpenApiPathItem
    {
        Operations = new Dictionary<HttpMethod, OpenApiOperation>
        {
            [HttpMethod.Get] = new OpenApiOperation
            {
                OperationId = id,
                Summary = summary,
                Description = description,
                Tags = new HashSet<OpenApiTagReference> { new("Health", document) },
                Security = [],
                Responses = new OpenApiResponses
                {
                    ["200"] = Response(document, "Healthy, or degraded."),
                    ["503"] = Response(document, "Unhealthy: the same form, so that it can be seen what is missing."),
                },
            },
        },
    };

    private static OpenApiResponse Response(OpenApiDocument document, string description) => new()
    {
        Description = description,
        Headers = ((string[])[Components.RequestId, Components.RateLimit, Components.RateLimitPolicy])
            .ToDictionary(name => name, name => (IOpenApiHeader)new OpenApiHeaderReference(name, document)),
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(Schema, document), Example = Examples.Of(typeof(HealthReport)) },
        },
    };
}

/// <summary>What a probe answers.</summary>
/// <param name="Status"><c>Healthy</c>, <c>Degraded</c> or <c>Unhealthy</c>.</param>
/// <param name="DurationMs">How long the checks took, in milliseconds.</param>
/// <param name="Checks">Each check.</param>
public sealed record HealthReport(string Status, double DurationMs, IReadOnlyList<HealthReportCheck> Checks) : IExample<HealthReport>
{
    /// <inheritdoc/>
    public static HealthReport Example { get; } = new("Healthy", 3.4, [new("rate-limits", "Healthy", "Rate limits are shared by all replicas.", 0.1, new Dictionary<string, object>())]);
}

/// <summary>One check of a probe.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Status"><c>Healthy</c>, <c>Degraded</c> or <c>Unhealthy</c>.</param>
/// <param name="Description">What was found.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
/// <param name="Data">Figures.</param>
public sealed record HealthReportCheck(string Name, string Status, string? Description, double DurationMs, IReadOnlyDictionary<string, object> Data);
