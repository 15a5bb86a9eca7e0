using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using NpgsqlTypes;
using Xentree.Data.Accounts;
using Xentree.Data.Conversations;
using Xentree.Data.Knowledge;
using Xentree.Data.Live;
using Xentree.Data.Notes;
using Xentree.Data.Organizations;

namespace Xentree.Data.Search;

/// <summary>What can be found.</summary>
public enum SearchType
{
    /// <summary>A conversation, by its title or by what was said in it.</summary>
    Conversation,

    /// <summary>A note.</summary>
    Note,

    /// <summary>The transcript of a live session.</summary>
    Transcript,

    /// <summary>A document of the knowledge base.</summary>
    Document,
}

/// <summary>
/// A text that search finds: a message, the title of a conversation, a note. It is written in the transaction that writes its source
/// (<see cref="SearchIndex"/>) and goes with it, by its foreign key, whoever deletes that.
/// </summary>
public sealed class SearchEntry
{
    /// <summary>The id of the source, so the newest have the greatest.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it belongs to.</summary>
    public required SearchType Type { get; init; }

    /// <summary>Which one it belongs to, and is shown as: a conversation with many messages is found once.</summary>
    public required Guid ItemId { get; init; }

    /// <summary>Whose it is.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The organization whose key created it; null when the user did.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Who may find it: the user, or the organization with which it is shared.</summary>
    public required Guid AudienceId { get; init; }

    /// <summary>The conversation with which it goes.</summary>
    public Guid? ConversationId { get; init; }

    /// <summary>The note with which it goes.</summary>
    public Guid? NoteId { get; init; }

    /// <summary>The transcript with which it goes.</summary>
    public Guid? LiveTranscriptId { get; init; }

    /// <summary>The document with which it goes.</summary>
    public Guid? DocumentId { get; init; }

    /// <summary>Its title; null for a message.</summary>
    public string? Title { get; init; }

    /// <summary>Its text.</summary>
    public required string Content { get; init; }

    /// <summary>The text search configuration of its language.</summary>
    public required uint Config { get; init; }

    /// <summary>When it was said or written.</summary>
    public required Instant CreatedAt { get; init; }
}

/// <summary>A word that occurs in what an audience may find: what a slip of the keys is compared with.</summary>
public sealed class SearchWord
{
    /// <summary>Whose text it occurs in.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Who may find that text.</summary>
    public required Guid AudienceId { get; init; }

    /// <summary>The word, in lower case.</summary>
    public required string Word { get; init; }

    /// <summary>The word without accents.</summary>
    public required string Folded { get; init; }
}

internal sealed class SearchConfiguration : IEntityTypeConfiguration<SearchEntry>, IEntityTypeConfiguration<SearchWord>, IEntityTypeConfiguration<SearchRebuild>
{
    public void Configure(EntityTypeBuilder<SearchEntry> entry)
    {
        var (title, content) = (SearchText.Indexed("coalesce(title, '')"), SearchText.Indexed("content"));
        entry.ToTable("search_entries");
        entry.Property(e => e.Config).HasColumnType("regconfig");
        // Stems, and the words as they stand: those find names, and what was written in another language. Where in the text these stand is
        // known from the stems already, and a smaller vector is ranked sooner.
        entry.Property<NpgsqlTsVector>("Vector").HasColumnType("tsvector").HasComputedColumnSql(
            $"setweight(to_tsvector(config, {title}), 'A') || setweight(to_tsvector('simple', {title}), 'A') || to_tsvector(config, {content}) || strip(to_tsvector('simple', {content}))",
            stored: true);
        entry.HasOne<User>().WithMany().HasForeignKey(e => e.UserId);
        entry.HasOne<Organization>().WithMany().HasForeignKey(e => e.OrganizationId).OnDelete(DeleteBehavior.SetNull);
        entry.HasOne<Conversation>().WithMany().HasForeignKey(e => e.ConversationId).OnDelete(DeleteBehavior.Cascade);
        entry.HasOne<LiveTranscript>().WithMany().HasForeignKey(e => e.LiveTranscriptId).OnDelete(DeleteBehavior.Cascade);
        entry.HasOne<Document>().WithMany().HasForeignKey(e => e.DocumentId).OnDelete(DeleteBehavior.Cascade);
        entry.HasOne<Note>().WithMany().HasForeignKey(e => e.NoteId).OnDelete(DeleteBehavior.Cascade);
        // Without a pending list, which every search would have to read from end to end.
        entry.HasIndex("AudienceId", "Vector").HasMethod("gin").HasStorageParameter("fastupdate", false);
        entry.HasIndex(e => new { e.AudienceId, e.Id });
    }

    public void Configure(EntityTypeBuilder<SearchWord> word)
    {
        word.ToTable("search_words");
        word.HasKey(w => new { w.UserId, w.AudienceId, w.Word });
        word.HasOne<User>().WithMany().HasForeignKey(w => w.UserId);
        word.HasIndex(w => new { w.AudienceId, w.Folded }).HasOperators("uuid_ops", "text_pattern_ops").IncludeProperties(w => w.Word);
    }

    public void Configure(EntityTypeBuilder<SearchRebuild> rebuild)
    {
        rebuild.ToTable("search_rebuilds");
        // One at a time: a running rebuild is the rebuild.
        rebuild.HasIndex(r => r.FinishedAt).IsUnique().AreNullsDistinct(false).HasFilter("finished_at is null");
    }
}
