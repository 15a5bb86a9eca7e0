using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.Paging;
using Xentree.Data;
using Xentree.Data.Organizations;

namespace Xentree.Api.Features.Organizations;

internal static class ListMembers
{
    public static async Task<Results<Page<MemberResponse>, Failure>> HandleAsync(
        Guid orgId, Caller caller, PageRequest page, XentreeDbContext context, PictureAddress pictures, CancellationToken cancellation)
    {
        if (await context.FindRoleAsync(orgId, caller.UserId, caller.OrganizationId, cancellation) is null) return Failures.NotFound;

        var rows = await MemberRow.From(context, m => m.OrganizationId == orgId && (page.After == null || m.Id < page.After))
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        return Page.Of(page, rows, row => row.Id, row => row.ToResponse(pictures));
    }
}
