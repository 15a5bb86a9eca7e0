using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Xentree.Api.Auth;
using Xentree.Api.Http.Idempotency;
using Xentree.Api.Http.Paging;

namespace Xentree.Api.Http.OpenApi;

/// <summary>Completes an operation: who may call it, every status, the headers that go in and out, and examples. All of it follows from the endpoint's metadata.</summary>
internal sealed class OperationRules : IOpenApiOperationTransformer
{
    private const string Json = "application/json";
    private const string EventStream = "text/event-stream";

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        await Components.AddAsync(document, context, cancellationToken);

        Secure(operation, metadata, document);
        AddParameters(operation, metadata, document);
        AddRequestExamples(operation, context.Description);
        operation.Responses ??= [];
        DescribeStreams(operation.Responses);
        foreach (var response in context.Description.SupportedResponseTypes) AddExample(operation.Responses, response);
        foreach (var (status, failures) in ErrorRules.Of(context.Description))
            operation.Responses[$"{status}"] = ErrorResponse(failures, document);
        foreach (var (status, response) in operation.Responses) AddHeaders((OpenApiResponse)response, int.Parse(status, System.Globalization.CultureInfo.InvariantCulture), metadata, document);
    }

    // An operation that says nothing of who may call it gets no security here either, and a test asks for it.
    private static void Secure(OpenApiOperation operation, IList<object> metadata, OpenApiDocument document)
    {
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [];
            return;
        }

        var requirements = metadata.OfType<AuthorizationPolicy>().SelectMany(policy => policy.Requirements).ToList();
        var sessions = requirements.OfType<BearerRequirement>().ToList();
        var scopes = requirements.OfType<ScopeRequirement>().Select(requirement => requirement.Scope).Distinct().ToList();
        if (requirements.Count == 0) return;

        operation.Security = [new() { [new OpenApiSecuritySchemeReference(Components.Bearer, document)] = sessions.Any(session => session.AdminOnly) ? ["admin"] : [] }];
        if (sessions.Count == 0) operation.Security.Add(new() { [new OpenApiSecuritySchemeReference(Components.ApiKey, document)] = scopes });
        if (scopes.Count == 0) return;

        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        operation.Extensions[Components.RequiredScope] = new JsonNodeExtension(JsonValue.Create(string.Join(' ', scopes)));
    }

    private static void AddParameters(OpenApiOperation operation, IList<object> metadata, OpenApiDocument document)
    {
        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            if (parameter.In == ParameterLocation.Path) parameter.Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!);
            // What an id is of, its name says; any other query parameter has a [Description].
            if (parameter.In == ParameterLocation.Path || parameter.Name!.EndsWith("_id", StringComparison.Ordinal)) parameter.Description ??= Describe(parameter.Name!);
        }

        foreach (var query in metadata.OfType<QueryParameter>().DistinctBy(query => query.Name)) operation.Parameters.Add(ToParameter(query));

        if (metadata.OfType<Idempotent>().Any()) operation.Parameters.Add(new OpenApiParameterReference(Components.IdempotencyKey, document));
        if (IsTagged(metadata)) operation.Parameters.Add(new OpenApiParameterReference(Components.IfNoneMatch, document));
        operation.Parameters.Add(new OpenApiParameterReference(Components.Now, document));
    }

    // «session_id» to «The id of the session.»
    private static string Describe(string name) => name.EndsWith("_id", StringComparison.Ordinal)
        ? $"The id of the {name[..^3].Replace('_', ' ').Replace("org", "organization", StringComparison.Ordinal)}."
        : $"The {name.Replace('_', ' ')}.";

    private static OpenApiParameter ToParameter(QueryParameter query) => new()
    {
        Name = query.Name,
        In = ParameterLocation.Query,
        Description = query.Description,
        Schema = query.Minimum is null
            ? new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = query.Values is { } values ? [.. values.Select(value => (JsonNode)JsonValue.Create(value))] : null,
                Default = query.Values is [var first, ..] ? JsonValue.Create(first) : null,
            }
            : new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Minimum = $"{query.Minimum}",
                Maximum = $"{query.Maximum}",
                Default = query.Default is { } value ? JsonValue.Create(value) : null,
            },
    };

    private static void AddRequestExamples(OpenApiOperation operation, ApiDescription description)
    {
        var body = description.ActionDescriptor.EndpointMetadata.OfType<IAcceptsMetadata>().LastOrDefault()?.RequestType;
        if (body is null || operation.RequestBody?.Content is not { } content) return;

        foreach (var media in content.Values) media.Example ??= Examples.Of(body);
    }

    private static void AddExample(OpenApiResponses responses, ApiResponseType response)
    {
        if (response.Type is { } type && responses[$"{response.StatusCode}"].Content is { } content && content.TryGetValue(Json, out var media))
            media.Example ??= Examples.Of(type);
    }

    // A stream of events is text; what each event holds, the description of the operation says.
    private static void DescribeStreams(OpenApiResponses responses)
    {
        foreach (var content in responses.Values.Select(response => response.Content))
        {
            if (content is not null && content.TryGetValue(EventStream, out var stream))
                stream.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Server-sent events, each with its name and a line of JSON." };
        }
    }

    private static OpenApiResponse ErrorResponse(List<Failure> failures, OpenApiDocument document) => new()
    {
        Description = string.Join("\n", failures.Select(failure => $"- `{failure.Code}`: {failure.Message}")),
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [Json] = new OpenApiMediaType
            {
                Schema = new OpenApiSchemaReference(nameof(Error), document),
                Examples = failures.ToDictionary(failure => failure.Code, failure => (IOpenApiExample)new OpenApiExampleReference(failure.Code, document)),
            },
        },
    };

    private static void AddHeaders(OpenApiResponse response, int status, IList<object> metadata, OpenApiDocument document)
    {
        List<string> names = [Components.RequestId, Components.RateLimit, Components.RateLimitPolicy];
        if (status is 429 or 503) names.Add(Components.RetryAfter);
        if (status == 401) names.Add(Components.Challenge);
        if (status is 201 or 202) names.Add(Components.Location);
        if (status is 200 or 304 && IsTagged(metadata)) names.Add(Components.ETag);
        if (status == 200 && metadata.OfType<Paged>().Any()) names.Add(Components.Link);
        if (metadata.OfType<Idempotent>().Any() && status < 500 && status is not (401 or 429)) names.Add(Components.Replayed);

        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        foreach (var name in names) response.Headers[name] = new OpenApiHeaderReference(name, document);
    }

    private static bool IsTagged(IList<object> metadata) => metadata.OfType<IProducesResponseTypeMetadata>().Any(p => p.StatusCode == StatusCodes.Status304NotModified);
}
