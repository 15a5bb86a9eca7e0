namespace Xentree.Data.Notes;

/// <summary>Questions about notes that several operations ask.</summary>
public static class NoteQueries
{
    extension(XentreeDbContext context)
    {
        /// <summary>The notes that the owner may see.</summary>
        public IQueryable<Note> NotesOf(Owner owner) =>
            context.Notes.Where(n => n.UserId == owner.UserId && (owner.OrganizationId == null || n.OrganizationId == owner.OrganizationId));
    }
}
