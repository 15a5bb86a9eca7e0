using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Organizations;
using Xentree.Domain.Organizations;

namespace Xentree.Api.Features.Organizations;

/// <summary>The one way in which members change: under the lock of their organization, so that its last owner stays whatever is asked at once.</summary>
internal sealed class Memberships(XentreeDbContext context, Callers callers)
{
    /// <summary>Adds a member.</summary>
    public Task<Failure?> AddAsync(Caller caller, Member member, CancellationToken cancellation) =>
        InOrganizationAsync(caller, member.OrganizationId, async (role, cancel) =>
        {
            if (!role.MayManage(member.Role)) return Failures.Forbidden;
            if (await FindAsync(member.OrganizationId, member.UserId, cancel) is not null) return Failures.AlreadyMember;

            context.Members.Add(member);
            return null;
        }, cancellation);

    /// <summary>Changes a member's role and team; what is absent stays as it is.</summary>
    public Task<Failure?> ChangeAsync(
        Caller caller, Guid organizationId, Guid userId, Optional<OrganizationRole> newRole, Optional<string?> team, CancellationToken cancellation) =>
        InOrganizationAsync(caller, organizationId, async (role, cancel) =>
        {
            if (!role.Administers) return Failures.Forbidden;
            if (await FindAsync(organizationId, userId, cancel) is not { } member) return Failures.NotFound;
            if (!role.MayManage(member.Role) || (newRole.IsPresent && !role.MayManage(newRole.Value))) return Failures.Forbidden;
            if (newRole is { IsPresent: true, Value: not OrganizationRole.Owner } && await IsLastOwnerAsync(member, cancel)) return Failures.LastOwner;

            newRole.Apply(given => member.Role = given);
            team.Apply(name => member.Team = name);
            return null;
        }, cancellation);

    /// <summary>Removes a member, or lets the caller leave; the member's keys for the organization go too (rule O1).</summary>
    public Task<Failure?> RemoveAsync(Caller caller, Guid organizationId, Guid userId, CancellationToken cancellation) =>
        InOrganizationAsync(caller, organizationId, async (role, cancel) =>
        {
            var leaves = userId == caller.UserId;
            if (!leaves && !role.Administers) return Failures.Forbidden;
            if (await FindAsync(organizationId, userId, cancel) is not { } member) return Failures.NotFound;
            if (!leaves && !role.MayManage(member.Role)) return Failures.Forbidden;
            if (await IsLastOwnerAsync(member, cancel)) return Failures.LastOwner;

            await callers.ForgetApiKeysAsync(await context.ApiKeys
                .Where(k => k.OrganizationId == organizationId && k.CreatedBy == userId)
                .Select(k => k.Hash)
                .ToListAsync(cancel));
            context.Members.Remove(member);
            return null;
        }, cancellation);

    private Task<Failure?> InOrganizationAsync(
        Caller caller, Guid organizationId, Func<OrganizationRole, CancellationToken, Task<Failure?>> change, CancellationToken cancellation) =>
        context.InTransactionAsync(async cancel =>
        {
            await context.LockOrganizationAsync(organizationId, cancel);
            // The caller's role counts as it is under the lock.
            if (await context.FindRoleAsync(organizationId, caller.UserId, caller.OrganizationId, cancel) is not { } role) return Failures.NotFound;

            var failure = await change(role, cancel);
            if (failure is null) await context.SaveChangesAsync(cancel);
            return failure;
        }, cancellation);

    private Task<Member?> FindAsync(Guid organizationId, Guid userId, CancellationToken cancellation) =>
        context.Members.SingleOrDefaultAsync(m => m.OrganizationId == organizationId && m.UserId == userId, cancellation);

    private async Task<bool> IsLastOwnerAsync(Member member, CancellationToken cancellation) =>
        member.Role == OrganizationRole.Owner && !await context.HasOtherOwnerAsync(member.OrganizationId, member.UserId, cancellation);
}
