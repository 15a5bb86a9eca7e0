using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.Paging;
using Xentree.Data;
using Xentree.Data.ApiKeys;

namespace Xentree.Api.Features.ApiKeys;

internal static class ListApiKeys
{
    public static async Task<Page<APIKeyResponse>> HandleAsync(
        [FromQuery(Name = "organization_id")] Guid? organizationId, Caller caller, PageRequest page, XentreeDbContext context, CancellationToken cancellation)
    {
        var rows = await context.KeysVisibleTo(caller.UserId)
            .Where(k => (organizationId == null || k.OrganizationId == organizationId) && (page.After == null || k.Id < page.After))
            .OrderByDescending(k => k.Id)
            .Take(page.Limit + 1)
            .Select(APIKeyResponse.From)
            .ToListAsync(cancellation);
        return new Page<APIKeyResponse>(page, rows, k => k.Id);
    }
}
