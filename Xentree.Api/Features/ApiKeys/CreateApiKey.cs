using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.ApiKeys;
using Xentree.Data.Organizations;
using Xentree.Domain;

namespace Xentree.Api.Features.ApiKeys;

/// <summary>A new API key.</summary>
public sealed record APIKeyCreateRequest : IExample<APIKeyCreateRequest>
{
    /// <summary>The name to show.</summary>
    [Required, Text(1, 100)]
    public string Name { get; init; } = "";

    /// <summary>The organization that the key belongs to; you must be a member.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>What the key may do: at least one scope.</summary>
    [Scopes]
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>When it stops working, in the future; absent for never.</summary>
    public Instant? ExpiresAt { get; init; }

    /// <summary>The addresses and CIDR ranges, of IPv4 and IPv6, that it may be used from; absent for anywhere.</summary>
    [AddressRanges]
    public IReadOnlyList<string>? AllowedIps { get; init; }

    /// <inheritdoc/>
    public static APIKeyCreateRequest Example { get; } = new()
    {
        Name = "Course site",
        OrganizationId = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b13"),
        Scopes = ["xel:read", "xel:write"],
        ExpiresAt = Instant.FromUtc(2027, 3, 1, 0, 0),
        AllowedIps = ["203.0.113.0/24"],
    };
}

internal static class CreateApiKey
{
    private static readonly Func<ApiKey, APIKeyResponse> ToResponse = APIKeyResponse.From.Compile();

    public static async Task<Results<Created<APIKeyResponse>, Failure>> HandleAsync(
        APIKeyCreateRequest request, Caller caller, XentreeDbContext context, TimeProvider time, CancellationToken cancellation)
    {
        // Keys live by the real clock: a clock that somebody can move must not keep one alive.
        var now = time.Now;
        if (request.ExpiresAt <= now) return Failures.Validation("expires_at", "must lie in the future");

        var text = ApiKeyText.Create();
        var key = new ApiKey
        {
            Id = time.NewId(),
            OrganizationId = request.OrganizationId,
            CreatedBy = caller.UserId,
            Name = request.Name,
            Prefix = text[..ApiKeyText.PrefixLength],
            Hash = ApiKeyText.Hash(text),
            Scopes = [.. request.Scopes.Distinct()],
            AllowedIps = [.. (request.AllowedIps ?? []).Select(range => AddressRangesAttribute.Normalize(range)!).Distinct()],
            ExpiresAt = request.ExpiresAt,
            CreatedAt = now,
        };

        return await context.InTransactionAsync(async cancel =>
        {
            await context.LockOrganizationAsync(key.OrganizationId, cancel);
            if (await context.FindRoleAsync(key.OrganizationId, caller.UserId, null, cancel) is null) return false;

            context.ApiKeys.Add(key);
            await context.SaveChangesAsync(cancel);
            return true;
        }, cancellation)
            ? TypedResults.Created($"/api/api-keys/{key.Id}", ToResponse(key) with { Key = text })
            : Failures.NotFound;
    }
}
