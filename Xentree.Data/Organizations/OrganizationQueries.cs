using Microsoft.EntityFrameworkCore;
using Xentree.Domain.Organizations;

namespace Xentree.Data.Organizations;

/// <summary>Questions about organizations that several operations ask.</summary>
public static class OrganizationQueries
{
    extension(XentreeDbContext context)
    {
        /// <summary>The memberships through which somebody sees organizations: all of theirs, or by API key the one in its organization.</summary>
        public IQueryable<Member> MembershipsOf(Guid userId, Guid? onlyOrganizationId) =>
            context.Members.Where(m => m.UserId == userId && (onlyOrganizationId == null || m.OrganizationId == onlyOrganizationId));

        /// <summary>Somebody's role in an organization; null where it does not exist for them.</summary>
        public async Task<OrganizationRole?> FindRoleAsync(Guid organizationId, Guid userId, Guid? onlyOrganizationId, CancellationToken cancellation) =>
            await context.MembershipsOf(userId, onlyOrganizationId)
                .Where(m => m.OrganizationId == organizationId)
                .Select(m => (OrganizationRole?)m.Role)
                .SingleOrDefaultAsync(cancellation);

        /// <summary>
        /// Locks an organization until the transaction ends; null where there is none. Whatever changes its members or adds a key takes
        /// this lock first, so that the last owner stays and a list of keys read under it is complete. What merely refers to the
        /// organization does not wait.
        /// </summary>
        public Task<Organization?> LockOrganizationAsync(Guid organizationId, CancellationToken cancellation) =>
            context.Organizations.FromSql($"select * from organizations where id = {organizationId} for no key update").SingleOrDefaultAsync(cancellation);

        /// <summary>The organizations that would have no owner without this account.</summary>
        public IQueryable<Organization> OrganizationsOwnedOnlyBy(Guid userId) =>
            context.Organizations.Where(o =>
                context.Members.Any(m => m.OrganizationId == o.Id && m.UserId == userId && m.Role == OrganizationRole.Owner)
                && !context.Members.Any(m => m.OrganizationId == o.Id && m.UserId != userId && m.Role == OrganizationRole.Owner));

        /// <summary>Whether an organization has another owner than this account.</summary>
        public Task<bool> HasOtherOwnerAsync(Guid organizationId, Guid userId, CancellationToken cancellation) =>
            context.Members.AnyAsync(m => m.OrganizationId == organizationId && m.UserId != userId && m.Role == OrganizationRole.Owner, cancellation);
    }
}
