using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.Export;
using Xentree.Api.Http.Idempotency;

namespace Xentree.Api.Features.Notes;

internal static class NoteEndpoints
{
    private const string Read = "conversations:read";
    private const string Write = "conversations:write";

    public static void AddNotes(this IServiceCollection services) =>
        services.AddExportPart("notes", (context, userId) => context.Notes.AsNoTracking().Where(n => n.UserId == userId), n => n.Id);

    public static void MapNotes(this WebApplication app)
    {
        var notes = app.MapGroup("/api/core/notes").WithTags("Conversations");

        notes.MapGet("", ListNotes.HandleAsync)
            .RequireScope(Read)
            .WithName("listNotes")
            .WithSummary("List notes")
            .WithDescription("Your notes, the newest first. An API key lists those that were created through keys of its organization.");

        notes.MapPost("", CreateNote.HandleAsync)
            .RequireScope(Write)
            .AcceptsIdempotencyKey()
            .WithName("createNote")
            .WithSummary("Create a note")
            .WithDescription("Writes a note. Search finds it at once.");

        notes.MapPut("/{noteId:uuid}", ReplaceNote.HandleAsync)
            .RequireScope(Write)
            .WithName("replaceNote")
            .WithSummary("Replace a note")
            .WithDescription("Gives a note another title and another text. Search finds it by these at once, and no longer by the old ones.")
            .Fails("not_found");

        notes.MapDelete("/{noteId:uuid}", DeleteNote.HandleAsync)
            .RequireScope(Write)
            .WithName("deleteNote")
            .WithSummary("Delete a note")
            .WithDescription("Deletes a note, for good.")
            .Fails("not_found");
    }
}
