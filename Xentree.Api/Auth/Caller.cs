using System.Reflection;
using NodaTime;
using Xentree.Data;
using Xentree.Domain.ApiKeys;

namespace Xentree.Api.Auth;

/// <summary>
/// Who calls: a user's session, or an API key that acts for a user inside one organization. A handler that takes a
/// <see cref="Caller"/> runs for an authenticated request only.
/// </summary>
public sealed record Caller
{
    /// <summary>The user, or the user for whom the key acts.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Whether the user runs the installation.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>Whether the user lives on a clock of their own.</summary>
    public bool IsSandbox { get; init; }

    /// <summary>The session, for an access token.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The key, for an API key.</summary>
    public KeyCaller? Key { get; init; }

    /// <summary>What rows of the caller carry as <c>organization_id</c>: none by bearer, the key's by key.</summary>
    public Guid? OrganizationId => Key?.OrganizationId;

    /// <summary>Whose rows the caller reads and writes.</summary>
    public Owner Owner => new(UserId, OrganizationId);

    /// <summary>Reads the caller of a request.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<Caller?>(Of(context) ?? throw Failures.NotAuthenticated.AsException());

    /// <summary>The caller of a request; null for an anonymous one.</summary>
    public static Caller? Of(HttpContext context) => context.Features.Get<Caller>();
}

/// <summary>What is particular to an API key.</summary>
/// <param name="Id">The key.</param>
/// <param name="OrganizationId">Its organization.</param>
/// <param name="Scopes">What it may do; see <see cref="Scope"/>.</param>
/// <param name="AllowedIps">Where it may be used from; empty for anywhere.</param>
/// <param name="ExpiresAt">When it stops working.</param>
public sealed record KeyCaller(Guid Id, Guid OrganizationId, string[] Scopes, string[] AllowedIps, Instant? ExpiresAt);
