using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Organizations;
using Xentree.Data.Xp;
using Xentree.Domain;
using Xentree.Domain.Organizations;

namespace Xentree.Api.Features.Organizations;

/// <summary>A new organization.</summary>
public sealed record OrganizationCreateRequest : IExample<OrganizationCreateRequest>
{
    /// <summary>The name to show.</summary>
    [Required, Text(1, 100)]
    public string Name { get; init; } = "";

    /// <summary>The unique name in addresses: 2 to 50 of a–z, 0–9 and <c>-</c>.</summary>
    [Required, Slug]
    public string Slug { get; init; } = "";

    /// <summary>What the organization is about.</summary>
    [Text(0, 1_000)]
    public string? Description { get; init; }

    /// <inheritdoc/>
    public static OrganizationCreateRequest Example { get; } = new()
    {
        Name = "Riverside School",
        Slug = "riverside-school",
        Description = "English evenings for adults",
    };
}

internal static class CreateOrganization
{
    public static async Task<Results<Created<OrganizationResponse>, Failure>> HandleAsync(
        OrganizationCreateRequest request, Caller caller, XentreeDbContext context, BusinessClock clock, TimeProvider time, CancellationToken cancellation)
    {
        var now = clock.Now;
        var organization = new Organization
        {
            Id = time.NewId(),
            Name = request.Name,
            Slug = request.Slug,
            Description = request.Description,
            CreatedAt = now,
            UpdatedAt = now,
            // Jobs live by the real clock, whatever the creator's shows.
            LeaderboardClosed = LeaderboardClosing.ClosedAtFirst(time.Now),
        };
        context.Organizations.Add(organization);
        context.Members.Add(new Member { Id = time.NewId(), OrganizationId = organization.Id, UserId = caller.UserId, Role = OrganizationRole.Owner, JoinedAt = now });

        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (exception.ViolatedUniqueIndex is not null)
        {
            return Failures.SlugTaken;
        }

        return TypedResults.Created($"/api/organizations/{organization.Id}", new OrganizationResponse
        {
            Id = organization.Id,
            Name = organization.Name,
            Slug = organization.Slug,
            Description = organization.Description,
            Role = OrganizationRole.Owner,
            MemberCount = 1,
            CreatedAt = now,
            UpdatedAt = now,
        });
    }
}
