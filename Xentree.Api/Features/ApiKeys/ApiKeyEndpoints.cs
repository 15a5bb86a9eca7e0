using Xentree.Api.Auth;
using Xentree.Api.Http.Export;
using Xentree.Api.Http.Idempotency;

namespace Xentree.Api.Features.ApiKeys;

internal static class ApiKeyEndpoints
{
    public static void AddApiKeys(this IServiceCollection services) =>
        services.AddExportPart("api_keys", (context, userId) => context.ApiKeys.Where(k => k.CreatedBy == userId).Select(APIKeyResponse.From), key => key.Id);

    public static void MapApiKeys(this WebApplication app)
    {
        var keys = app.MapGroup("/api/api-keys").WithTags("API Keys").RequireBearer();

        keys.MapGet("", ListApiKeys.HandleAsync)
            .WithName("listApiKeys")
            .WithSummary("List API keys")
            .WithDescription(
                """
                The keys that you created, and all keys of the organizations that you own or administer, newest first. With
                `organization_id`, those of one organization. The key itself is never shown again; `prefix` recognises it.
                """);

        keys.MapPost("", CreateApiKey.HandleAsync)
            .AcceptsIdempotencyKey()
            .WithName("createApiKey")
            .WithSummary("Create an API key")
            .WithDescription(
                """
                Creates a key for an organization that you are a member of. It acts for you there, with your role and within its scopes,
                until you leave. `key` is shown this once: only its hash is stored.
                """)
            .Fails("not_found");

        keys.MapDelete("/{keyId:uuid}", DeleteApiKey.HandleAsync)
            .WithName("deleteApiKey")
            .WithSummary("Delete an API key")
            .WithDescription("Deletes a key of yours, or any key of an organization that you own or administer. It is refused from the very next request on.")
            .Fails("not_found");
    }
}
