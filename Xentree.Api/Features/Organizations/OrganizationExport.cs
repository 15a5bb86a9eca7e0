using NodaTime;
using Xentree.Data;
using Xentree.Data.Organizations;
using Xentree.Domain.Organizations;

namespace Xentree.Api.Features.Organizations;

/// <summary>A membership in the export of an account.</summary>
internal sealed record OrganizationExport
{
    public required Guid MembershipId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required string Name { get; init; }

    public required string Slug { get; init; }

    public required OrganizationRole Role { get; init; }

    public required string? Team { get; init; }

    public required Instant JoinedAt { get; init; }

    public static IQueryable<OrganizationExport> Of(XentreeDbContext context, Guid userId) =>
        from member in context.MembershipsOf(userId, onlyOrganizationId: null)
        join organization in context.Organizations on member.OrganizationId equals organization.Id
        select new OrganizationExport
        {
            MembershipId = member.Id,
            OrganizationId = organization.Id,
            Name = organization.Name,
            Slug = organization.Slug,
            Role = member.Role,
            Team = member.Team,
            JoinedAt = member.JoinedAt,
        };
}
