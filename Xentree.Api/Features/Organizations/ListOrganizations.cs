using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.Paging;
using Xentree.Data;
using Xentree.Data.Organizations;

namespace Xentree.Api.Features.Organizations;

internal static class ListOrganizations
{
    public static async Task<Page<OrganizationResponse>> HandleAsync(Caller caller, PageRequest page, XentreeDbContext context, CancellationToken cancellation)
    {
        var memberships = context.MembershipsOf(caller.UserId, caller.OrganizationId)
            .Where(m => page.After == null || m.OrganizationId < page.After)
            .OrderByDescending(m => m.OrganizationId)
            .Take(page.Limit + 1);
        var rows = await OrganizationResponse.From(context, memberships).OrderByDescending(o => o.Id).ToListAsync(cancellation);
        return new Page<OrganizationResponse>(page, rows, o => o.Id);
    }
}
