using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using Xentree.Data.Accounts;
using Xentree.Data.Organizations;

namespace Xentree.Data.Notes;

/// <summary>What a learner wrote down.</summary>
public sealed class Note
{
    /// <summary>The id, by the real clock: the order of the list.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The organization whose key created it; null when the user did.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; set; }

    /// <summary>The text.</summary>
    public required string Content { get; set; }

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required Instant UpdatedAt { get; set; }
}

internal sealed class NoteConfiguration : IEntityTypeConfiguration<Note>
{
    public void Configure(EntityTypeBuilder<Note> note)
    {
        note.ToTable("notes");
        note.HasOne<User>().WithMany().HasForeignKey(n => n.UserId);
        // What a learner wrote stays theirs when the organization goes.
        note.HasOne<Organization>().WithMany().HasForeignKey(n => n.OrganizationId).OnDelete(DeleteBehavior.SetNull);
        note.HasIndex(n => new { n.UserId, n.Id });
        note.HasIndex(n => n.OrganizationId);
    }
}
