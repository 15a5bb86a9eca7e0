using Microsoft.AspNetCore.Http.HttpResults;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Notes;
using Xentree.Data.Search;
using Xentree.Domain;

namespace Xentree.Api.Features.Notes;

internal static class CreateNote
{
    public static async Task<Created<NoteResponse>> HandleAsync(
        NoteRequest request, Caller caller, XentreeDbContext context, BusinessClock clock, TimeProvider time, CancellationToken cancellation)
    {
        var now = clock.Now;
        var note = new Note
        {
            Id = time.NewId(),
            UserId = caller.UserId,
            OrganizationId = caller.OrganizationId,
            Title = request.Title,
            Content = request.Content,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await context.InTransactionAsync(async cancel =>
        {
            context.Notes.Add(note);
            await context.SaveChangesAsync(cancel);
            await context.IndexAsync(SearchSource.Notes, [note.Id], cancel);
            return note;
        }, cancellation);
        return TypedResults.Created($"/api/core/notes/{note.Id}", NoteResponse.From(note));
    }
}
