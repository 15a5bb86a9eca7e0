using Xentree.Domain.ApiKeys;
using Xentree.Domain.Organizations;

namespace Xentree.Tests.Access;

/// <summary>How a request is signed.</summary>
public enum Credential
{
    None,
    Session,
    TamperedToken,
    LoggedOutSession,
    Key,
    ExpiredKey,
    RevokedKey,
    KeyElsewhere,
    KeyOfAnotherOrganization,
    Both,
}

/// <summary>Somebody who calls: with which credential, as what in the organization, and with which scopes.</summary>
/// <param name="Name">The column of the matrix.</param>
/// <param name="Credential">How the request is signed.</param>
/// <param name="Role">The place in the organization that the path names; null for none.</param>
/// <param name="IsAdmin">Whether the user runs the installation.</param>
/// <param name="Scopes">What the key may do.</param>
public sealed record Actor(string Name, Credential Credential, OrganizationRole? Role = null, bool IsAdmin = false, params string[] Scopes)
{
    /// <summary>Everybody that the matrix knows.</summary>
    public static IReadOnlyList<Actor> All { get; } =
    [
        new("anonymous", Credential.None),
        new("tampered token", Credential.TamperedToken),
        new("logged-out token", Credential.LoggedOutSession),
        new("both credentials", Credential.Both),
        new("another user", Credential.Session),
        new("installation admin", Credential.Session, IsAdmin: true),
        new("member", Credential.Session, OrganizationRole.Member),
        new("manager", Credential.Session, OrganizationRole.Manager),
        new("admin", Credential.Session, OrganizationRole.Admin),
        new("owner", Credential.Session, OrganizationRole.Owner),
        .. Scope.All.Select(scope => new Actor($"owner's key with {scope}", Credential.Key, OrganizationRole.Owner, Scopes: scope)),
        new("member's key with api:admin", Credential.Key, OrganizationRole.Member, Scopes: "api:admin"),
        new("installation admin's key with api:admin", Credential.Key, OrganizationRole.Owner, IsAdmin: true, "api:admin"),
        new("another organization's key", Credential.KeyOfAnotherOrganization, OrganizationRole.Owner, Scopes: "api:admin"),
        new("expired key", Credential.ExpiredKey, OrganizationRole.Owner, Scopes: "api:admin"),
        new("revoked key", Credential.RevokedKey, OrganizationRole.Owner, Scopes: "api:admin"),
        new("key from elsewhere", Credential.KeyElsewhere, OrganizationRole.Owner, Scopes: "api:admin"),
    ];
}
