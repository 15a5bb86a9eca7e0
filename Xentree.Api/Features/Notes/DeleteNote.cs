using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Notes;

namespace Xentree.Api.Features.Notes;

internal static class DeleteNote
{
    public static async Task<Results<NoContent, Failure>> HandleAsync(Guid noteId, Caller caller, XentreeDbContext context, CancellationToken cancellation) =>
        await context.NotesOf(caller.Owner).Where(n => n.Id == noteId).ExecuteDeleteAsync(cancellation) == 0
            ? Failures.NotFound
            : TypedResults.NoContent();
}
