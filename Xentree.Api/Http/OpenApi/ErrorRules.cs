using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Xentree.Api.Auth;
using Xentree.Api.Http.Idempotency;
using Xentree.Api.Http.Paging;

namespace Xentree.Api.Http.OpenApi;

/// <summary>Which errors an operation answers: those of its kind, which follow from what it is, and those that it names with <c>Fails</c>.</summary>
internal static class ErrorRules
{
    /// <summary>The failures by status, in the order of the contract.</summary>
    public static SortedDictionary<int, List<Failure>> Of(ApiDescription operation)
    {
        var metadata = operation.ActionDescriptor.EndpointMetadata;
        var codes = new List<string>();

        codes.AddRange("validation_failed", "ambiguous_credentials", "time_travel_disabled");
        var hasBody = metadata.OfType<IAcceptsMetadata>().Any();
        if (hasBody) codes.AddRange("malformed_body", "too_large", "unsupported_media_type");
        if (metadata.OfType<QueryParameter>().Any(parameter => parameter.Name == PageRequest.CursorName)) codes.Add("invalid_cursor");

        if (!metadata.OfType<IAllowAnonymous>().Any()) codes.AddRange("not_authenticated", "invalid_token", "token_expired", "ip_not_allowed");
        foreach (var requirement in metadata.OfType<AuthorizationPolicy>().SelectMany(policy => policy.Requirements))
        {
            if (requirement is ScopeRequirement) codes.Add("INSUFFICIENT_API_KEY_SCOPE");
            if (requirement is BearerRequirement) codes.Add("bearer_required");
            if (requirement is BearerRequirement { AdminOnly: true }) codes.Add("forbidden");
        }

        if (operation.RelativePath!.Contains('{', StringComparison.Ordinal)) codes.Add("not_found");
        if (metadata.OfType<Idempotent>().Any()) codes.AddRange("idempotency_conflict", "idempotency_in_progress");
        codes.AddRange("rate_limited", "internal_error", "dependency_unavailable");
        codes.AddRange(metadata.OfType<FailsWith>().SelectMany(named => named.Codes));

        var order = Failures.ByCode.Keys.ToList();
        var result = new SortedDictionary<int, List<Failure>>();
        foreach (var code in codes.Distinct().OrderBy(order.IndexOf))
        {
            if (!Failures.ByCode.TryGetValue(code, out var failure))
                throw new InvalidOperationException($"{operation.HttpMethod} /{operation.RelativePath} fails with {code}, which Failures.ByCode does not know.");

            if (!result.TryGetValue(failure.Status, out var failures)) result[failure.Status] = failures = [];
            failures.Add(failure);
        }

        return result;
    }

    private static void AddRange(this List<string> codes, params ReadOnlySpan<string> more)
    {
        foreach (var code in more) codes.Add(code);
    }
}
