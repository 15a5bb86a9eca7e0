using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Knowledge;
using Xentree.Data.Organizations;
using Xentree.Data.Search;
using Xentree.Domain.Organizations;

namespace Xentree.Api.Features.Organizations;

internal static class DeleteOrganization
{
    public static async Task<Results<NoContent, Failure>> HandleAsync(
        Guid orgId, Caller caller, XentreeDbContext context, Callers callers, CancellationToken cancellation) =>
        await context.InTransactionAsync(cancel => DeleteAsync(orgId, caller, context, callers, cancel), cancellation) is { } failure
            ? failure
            : TypedResults.NoContent();

    private static async Task<Failure?> DeleteAsync(Guid orgId, Caller caller, XentreeDbContext context, Callers callers, CancellationToken cancellation)
    {
        await context.LockOrganizationAsync(orgId, cancellation);
        var role = await context.FindRoleAsync(orgId, caller.UserId, caller.OrganizationId, cancellation);
        if (role is null) return Failures.NotFound;
        if (role != OrganizationRole.Owner) return Failures.Forbidden;

        await callers.ForgetApiKeysAsync(await context.ApiKeys.Where(k => k.OrganizationId == orgId).Select(k => k.Hash).ToListAsync(cancellation));
        var shared = await context.PassagesSharedWithAsync(orgId, cancellation);
        await context.Organizations.Where(o => o.Id == orgId).ExecuteDeleteAsync(cancellation);
        // What was shared is its owners' alone now, and is found by them.
        await context.IndexAsync(SearchSource.Passages, shared, cancellation);
        return null;
    }
}
