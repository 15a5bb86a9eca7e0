using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Organizations;

namespace Xentree.Api.Features.Organizations;

internal static class GetOrganization
{
    public static async Task<Results<Ok<OrganizationResponse>, Failure>> HandleAsync(
        Guid orgId, Caller caller, XentreeDbContext context, CancellationToken cancellation) =>
        await FindAsync(context, orgId, caller, cancellation) is { } organization ? TypedResults.Ok(organization) : Failures.NotFound;

    public static Task<OrganizationResponse?> FindAsync(XentreeDbContext context, Guid orgId, Caller caller, CancellationToken cancellation) =>
        OrganizationResponse.From(context, context.MembershipsOf(caller.UserId, caller.OrganizationId).Where(m => m.OrganizationId == orgId))
            .SingleOrDefaultAsync(cancellation);
}
