using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Http.Paging;
using Xentree.Data;

namespace Xentree.Api.Features.Streaks;

internal static class ListOutages
{
    public static async Task<Page<OutageResponse>> HandleAsync(
        PageRequest page,
        XentreeDbContext context,
        CancellationToken cancellation,
        [Description("Whether to list the outages too that were withdrawn.")] bool include_withdrawn = false)
    {
        var rows = await context.Outages.AsNoTracking()
            .Where(o => (include_withdrawn || o.WithdrawnAt == null) && (page.After == null || o.Id < page.After))
            .OrderByDescending(o => o.Id)
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        return new Page<OutageResponse>(page, [.. rows.Select(OutageResponse.Of)], o => o.Id);
    }
}
