using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.Paging;
using Xentree.Data;
using Xentree.Data.Notes;

namespace Xentree.Api.Features.Notes;

internal static class ListNotes
{
    public static async Task<Page<NoteResponse>> HandleAsync(Caller caller, PageRequest page, XentreeDbContext context, CancellationToken cancellation)
    {
        var rows = await context.NotesOf(caller.Owner)
            .Where(n => page.After == null || n.Id < page.After)
            .OrderByDescending(n => n.Id)
            .Take(page.Limit + 1)
            .Select(NoteResponse.Of)
            .ToListAsync(cancellation);
        return new Page<NoteResponse>(page, rows, n => n.Id);
    }
}
