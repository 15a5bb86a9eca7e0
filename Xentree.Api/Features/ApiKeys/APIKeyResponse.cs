using System.Linq.Expressions;
using System.Text.Json.Serialization;
using NodaTime;
using Xentree.Data.ApiKeys;

namespace Xentree.Api.Features.ApiKeys;

/// <summary>An API key: a server's credential in one organization, which acts for the member who created it.</summary>
public sealed record APIKeyResponse : IExample<APIKeyResponse>
{
    /// <summary>The id of the key; it is no secret.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name to show.</summary>
    public required string Name { get; init; }

    /// <summary>The first 12 characters of the key, to recognise it by.</summary>
    public required string Prefix { get; init; }

    /// <summary>The organization that the key belongs to.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>What the key may do.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The addresses and CIDR ranges that it may be used from; empty for anywhere.</summary>
    public required IReadOnlyList<string> AllowedIps { get; init; }

    /// <summary>When it stops working; null for never.</summary>
    public required Instant? ExpiresAt { get; init; }

    /// <summary>When it was last used, to the minute; null for never.</summary>
    public required Instant? LastUsedAt { get; init; }

    /// <summary>The id of the member who created it and for whom it acts.</summary>
    public required Guid CreatedBy { get; init; }

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>The key itself, for the <c>X-API-Key</c> header: only in the answer to its creation, and never again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    /// <inheritdoc/>
    public static APIKeyResponse Example { get; } = new()
    {
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b14"),
        Name = "Course site",
        Prefix = "xntr-Q2hlY2s",
        OrganizationId = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b13"),
        Scopes = ["xel:read", "xel:write"],
        AllowedIps = ["203.0.113.0/24"],
        ExpiresAt = Instant.FromUtc(2027, 3, 1, 0, 0),
        LastUsedAt = null,
        CreatedBy = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b11"),
        CreatedAt = Instant.FromUtc(2026, 3, 1, 9, 10),
    };

    /// <summary>A stored key, which no longer knows its text.</summary>
    internal static Expression<Func<ApiKey, APIKeyResponse>> From { get; } = key => new APIKeyResponse
    {
        Id = key.Id,
        Name = key.Name,
        Prefix = key.Prefix,
        OrganizationId = key.OrganizationId,
        Scopes = key.Scopes,
        AllowedIps = key.AllowedIps,
        ExpiresAt = key.ExpiresAt,
        LastUsedAt = key.LastUsedAt,
        CreatedBy = key.CreatedBy,
        CreatedAt = key.CreatedAt,
    };
}
