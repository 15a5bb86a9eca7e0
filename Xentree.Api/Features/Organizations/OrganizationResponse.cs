using NodaTime;
using Xentree.Data;
using Xentree.Data.Organizations;
using Xentree.Domain.Organizations;

namespace Xentree.Api.Features.Organizations;

/// <summary>An organization as one of its members sees it.</summary>
public sealed record OrganizationResponse : IExample<OrganizationResponse>
{
    /// <summary>The id of the organization.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name to show.</summary>
    public required string Name { get; init; }

    /// <summary>The unique name in addresses.</summary>
    public required string Slug { get; init; }

    /// <summary>What the organization is about.</summary>
    public required string? Description { get; init; }

    /// <summary>Your role in it.</summary>
    public required OrganizationRole Role { get; init; }

    /// <summary>How many members it has, you included.</summary>
    public required int MemberCount { get; init; }

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When its name, slug or description last changed.</summary>
    public required Instant UpdatedAt { get; init; }

    /// <inheritdoc/>
    public static OrganizationResponse Example { get; } = new()
    {
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b13"),
        Name = "Riverside School",
        Slug = "riverside-school",
        Description = "English evenings for adults",
        Role = OrganizationRole.Owner,
        MemberCount = 24,
        CreatedAt = Instant.FromUtc(2026, 3, 1, 9, 0),
        UpdatedAt = Instant.FromUtc(2026, 3, 1, 9, 0),
    };

    /// <summary>The organizations that memberships show, each with the member's role.</summary>
    internal static IQueryable<OrganizationResponse> From(XentreeDbContext context, IQueryable<Member> memberships) =>
        from member in memberships
        join organization in context.Organizations on member.OrganizationId equals organization.Id
        select new OrganizationResponse
        {
            Id = organization.Id,
            Name = organization.Name,
            Slug = organization.Slug,
            Description = organization.Description,
            Role = member.Role,
            MemberCount = context.Members.Count(m => m.OrganizationId == organization.Id),
            CreatedAt = organization.CreatedAt,
            UpdatedAt = organization.UpdatedAt,
        };
}
