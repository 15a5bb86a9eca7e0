using Xentree.Domain.ApiKeys;
using Xentree.Domain.Organizations;
using Xentree.Tests.OpenApi;

namespace Xentree.Tests.Access;

/// <summary>What came of the question whether somebody may: let in, or refused with a code.</summary>
public readonly record struct Outcome(string? Refused)
{
    public static Outcome LetIn { get; }

    public override string ToString() => Refused ?? "let in";
}

/// <summary>
/// Who may do what, from rules. An operation of an organization's path is open to every member when it reads and to its owners and
/// admins when it writes; what differs is named here, with its reason.
/// </summary>
internal static class AccessRules
{
    private const string OrganizationPath = "/api/organizations/{org_id}";

    private static readonly Dictionary<string, OrganizationRole> Exceptions = new()
    {
        // What cannot be taken back is the owner's.
        [$"DELETE {OrganizationPath}"] = OrganizationRole.Owner,
        [$"POST {OrganizationPath}/integration-key/rotate"] = OrganizationRole.Owner,
        // Endpoints and their log show where events go, and their secrets.
        [$"GET {OrganizationPath}/webhooks"] = OrganizationRole.Admin,
        [$"GET {OrganizationPath}/webhooks/{{webhook_id}}/deliveries"] = OrganizationRole.Admin,
    };

    /// <summary>The least role that an operation of an organization's path asks for; null for any other operation.</summary>
    public static OrganizationRole? Role(ApiOperation operation) =>
        !operation.Path.StartsWith(OrganizationPath, StringComparison.Ordinal) ? null
        : Exceptions.TryGetValue(operation.Name, out var role) ? role
        : operation.Method == "GET" ? OrganizationRole.Member
        : OrganizationRole.Admin;

    /// <summary>
    /// Whether a failure has nothing to do with who calls: a body that is not right, an id that is nobody's, and what a public operation
    /// says of the credentials in its body.
    /// </summary>
    public static bool IsPastTheGate(ApiOperation operation, Outcome outcome) => outcome.Refused switch
    {
        "400 ambiguous_credentials" => false,
        ['4', '0', '0', ..] => true,
        // Where the path names nothing but the organization, and nothing is sent, a 404 can only mean the organization.
        "404 not_found" => Role(operation) is null || operation.RequestContent.Any() || operation.Path.Count(c => c == '{') > 1,
        "401 not_authenticated" => false,
        ['4', '0', '1', ..] => operation.IsPublic,
        _ => false,
    };

    /// <summary>What must come of it.</summary>
    public static Outcome Expected(ApiOperation operation, Actor actor)
    {
        if (actor.Credential == Credential.Both) return new("400 ambiguous_credentials");
        if (operation.IsPublic) return Outcome.LetIn;

        switch (actor.Credential)
        {
            case Credential.None: return new("401 not_authenticated");
            case Credential.TamperedToken or Credential.LoggedOutSession or Credential.RevokedKey: return new("401 invalid_token");
            case Credential.ExpiredKey: return new("401 token_expired");
            case Credential.KeyElsewhere: return new("403 ip_not_allowed");
        }

        var isKey = actor.Credential is Credential.Key or Credential.KeyOfAnotherOrganization;
        if (isKey && operation.Scope is { } scope && !Scope.IsSatisfied(scope, actor.Scopes)) return new("403 INSUFFICIENT_API_KEY_SCOPE");
        if (isKey && !operation.TakesKeys) return new("403 bearer_required");
        if (operation.IsAdminOnly && !actor.IsAdmin) return new("403 forbidden");

        // To somebody who is not in it, and to the key of another, an organization does not exist.
        if (Role(operation) is not { } least) return Outcome.LetIn;
        if (actor.Role is not { } role || actor.Credential == Credential.KeyOfAnotherOrganization) return new("404 not_found");
        return role >= least ? Outcome.LetIn : new("403 forbidden");
    }
}
