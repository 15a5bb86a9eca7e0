using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Notes;
using Xentree.Data.Search;

namespace Xentree.Api.Features.Notes;

internal static class ReplaceNote
{
    public static async Task<Results<Ok<NoteResponse>, Failure>> HandleAsync(
        Guid noteId, NoteRequest request, Caller caller, XentreeDbContext context, BusinessClock clock, CancellationToken cancellation) =>
        await context.InTransactionAsync(async cancel =>
        {
            var note = await context.NotesOf(caller.Owner).SingleOrDefaultAsync(n => n.Id == noteId, cancel);
            if (note is null) return null;

            (note.Title, note.Content) = (request.Title, request.Content);
            if (!context.ChangeTracker.HasChanges()) return note;

            note.UpdatedAt = clock.Now;
            // One that is gone meanwhile is not there.
            if (!await SavedAsync(context, cancel)) return null;

            await context.IndexAsync(SearchSource.Notes, [noteId], cancel);
            return note;
        }, cancellation) is { } replaced
            ? TypedResults.Ok(NoteResponse.From(replaced))
            : Failures.NotFound;

    private static async Task<bool> SavedAsync(XentreeDbContext context, CancellationToken cancellation)
    {
        try
        {
            return await context.SaveChangesAsync(cancellation) > 0;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }
}
