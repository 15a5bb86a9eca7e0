using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.Paging;
using Xentree.Data;
using Xentree.Data.Knowledge;

namespace Xentree.Api.Features.Knowledge;

internal static class ListDocuments
{
    public static async Task<Page<DocumentResponse>> HandleAsync(Caller caller, PageRequest page, XentreeDbContext context, CancellationToken cancellation)
    {
        var rows = await context.DocumentsVisibleTo(caller.Owner)
            .Where(d => page.After == null || d.Id < page.After)
            .OrderByDescending(d => d.Id)
            .Take(page.Limit + 1)
            .Select(DocumentResponse.Of)
            .ToListAsync(cancellation);
        return new Page<DocumentResponse>(page, rows, d => d.Id);
    }
}
