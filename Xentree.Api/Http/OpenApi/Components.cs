using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Xentree.Api.Auth;
using Xentree.Api.Http.Idempotency;
using Xentree.Api.Http.TimeTravel;

namespace Xentree.Api.Http.OpenApi;

/// <summary>What operations share: the <c>Error</c> schema, an example of each error, headers, and the two ways of signing in.</summary>
internal static class Components
{
    public const string Bearer = "bearerAuth";
    public const string ApiKey = "apiKey";

    /// <summary>The scope that a key is asked for first, also where in the end no key will do.</summary>
    public const string RequiredScope = "x-required-scope";

    public const string Now = "XentreeNow";
    public const string IdempotencyKey = "IdempotencyKey";
    public const string IfNoneMatch = "IfNoneMatch";

    public const string RequestId = Http.RequestId.Header;
    public const string RateLimit = "RateLimit";
    public const string RateLimitPolicy = "RateLimit-Policy";
    public const string RetryAfter = "Retry-After";
    public const string Challenge = "WWW-Authenticate";
    public const string ETag = "ETag";
    public const string Link = "Link";
    public const string Location = "Location";
    public const string Replayed = IdempotencyMiddleware.ReplayedHeader;

    /// <summary>Adds them, once a document.</summary>
    public static async Task AddAsync(OpenApiDocument document, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (document.Components?.SecuritySchemes?.ContainsKey(Bearer) == true) return;

        document.AddComponent<IOpenApiSecurityScheme>(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The access token of a user's session, from `POST /api/auth/login`. It works for 15 minutes.",
        });
        document.AddComponent<IOpenApiSecurityScheme>(ApiKey, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = Credentials.KeyHeader,
            Description = "The key of a server: `xntr-` and 86 characters. It acts for the member who made it, in one organization, within its scopes.",
        });

        document.AddComponent<IOpenApiSchema>(nameof(Error), await context.GetOrCreateSchemaAsync(typeof(Error), null, cancellation));
        foreach (var (code, failure) in Failures.ByCode)
        {
            document.AddComponent<IOpenApiExample>(code, new OpenApiExample
            {
                Summary = failure.Message,
                Value = JsonSerializer.SerializeToNode(failure.ToError(Error.Example.Detail.RequestId), ApiJson.Options),
            });
        }

        AddRequestHeader(document, Now, TimeTravelMiddleware.Header,
            "For sandbox users only: moves their clock to this instant (2000 to 2100), where it stands still until the next; it only goes forward.",
            new() { Type = JsonSchemaType.String, Format = "date-time" }, "2026-03-01T12:00:00.000Z");
        AddRequestHeader(document, IdempotencyKey, IdempotencyMiddleware.Header,
            "Makes it safe to send the request again: for 24 hours the same key and body give the first answer again instead of a second effect.",
            new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyMiddleware.MaxKeyLength }, "8e03978e-40d5-43e8-bc93-6894a57f9324");
        AddRequestHeader(document, IfNoneMatch, "If-None-Match", "The `ETag` of an earlier answer: while nothing has changed the answer is 304, without a body.",
            new() { Type = JsonSchemaType.String }, "\"kZ2vOJYq5mB0Xl4kJH8m1w\"");

        AddHeader(document, RequestId, "The trace id of the request. Quote it when you report a problem.", "4bf92f3577b34da6a3ce929d0e0e4736");
        AddHeader(document, RateLimit, "What is left of each limit (`r`) and for how many seconds (`t`); draft-ietf-httpapi-ratelimit-headers-10.", "\"user\";r=1199;t=60");
        AddHeader(document, RateLimitPolicy, "Each limit (`q`) and its window in seconds (`w`).", "\"user\";q=1200;w=60");
        AddHeader(document, RetryAfter, "After how many seconds to try again.", "17");
        AddHeader(document, Challenge, "That a bearer token is asked for, and whether the one that was sent is no good (RFC 6750).", "Bearer realm=\"xentree\", error=\"invalid_token\"");
        AddHeader(document, ETag, "The strong tag of this answer, for `If-None-Match`.", "\"kZ2vOJYq5mB0Xl4kJH8m1w\"");
        AddHeader(document, Link, "The next page, when there is one (RFC 8288).", "<https://xentree.example/api/auth/sessions?limit=20&cursor=AZgfbo8AfDqaUT9vHA0rEg>; rel=\"next\"");
        AddHeader(document, Location, "Where the new resource is.", "/api/auth/me");
        AddHeader(document, Replayed, "`true` when the answer is an earlier one, given again for the same `Idempotency-Key`.", "true");
    }

    private static void AddRequestHeader(OpenApiDocument document, string id, string name, string description, OpenApiSchema schema, string example) =>
        document.AddComponent<IOpenApiParameter>(id, new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = schema,
            Example = JsonValue.Create(example),
        });

    private static void AddHeader(OpenApiDocument document, string name, string description, string example) =>
        document.AddComponent<IOpenApiHeader>(name, new OpenApiHeader
        {
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = JsonValue.Create(example),
        });
}
