using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Xentree.Data.Accounts;
using Xentree.Data.Organizations;
using Xentree.Domain.Knowledge;

namespace Xentree.Data.Knowledge;

internal sealed class KnowledgeConfiguration :
    IEntityTypeConfiguration<Document>, IEntityTypeConfiguration<DocumentChunk>, IEntityTypeConfiguration<DocumentVector>
{
    public void Configure(EntityTypeBuilder<Document> document)
    {
        document.ToTable("documents");
        document.HasOne<User>().WithMany().HasForeignKey(d => d.UserId);
        // What a member shared stays theirs, and becomes private, when the organization goes.
        document.HasOne<Organization>().WithMany().HasForeignKey(d => d.OrganizationId).OnDelete(DeleteBehavior.SetNull);
        document.HasIndex(d => new { d.UserId, d.Sha256 });
        document.HasIndex(d => new { d.UserId, d.Id });
        document.HasIndex(d => new { d.OrganizationId, d.Id });
        document.HasIndex(d => d.Id).HasFilter($"status = '{nameof(DocumentStatus.Processing)}'").HasDatabaseName("ix_documents_processing");
        document.HasIndex(d => d.Blob).IsUnique();
    }

    public void Configure(EntityTypeBuilder<DocumentChunk> chunk)
    {
        chunk.ToTable("document_chunks");
        chunk.HasOne<Document>().WithMany().HasForeignKey(c => c.DocumentId);
        chunk.HasIndex(c => new { c.DocumentId, c.Ordinal }).IsUnique();
        chunk.Property(c => c.Search).HasComputedColumnSql(SearchSql(), stored: true);
        chunk.HasIndex(c => c.Search).HasMethod("gin");
    }

    public void Configure(EntityTypeBuilder<DocumentVector> vector)
    {
        vector.ToTable("document_vectors");
        vector.HasKey(v => v.ChunkId);
        vector.HasOne<DocumentChunk>().WithMany().HasForeignKey(v => v.ChunkId);
        vector.HasIndex(v => v.DocumentId);
    }

    // A generated column may only use what never changes, and that a column names a configuration is not such: so each is named.
    private static string SearchSql()
    {
        var cases = TextLanguage.All.Where(language => language != TextLanguage.Simple).Select(language => $"when '{language.Name}' then {Stems(language)}");
        return $"case language {string.Join(' ', cases)} else {Stems(TextLanguage.Simple)} end";

        static string Stems(TextLanguage language) =>
            $"setweight(to_tsvector('{language.Name}', coalesce(heading, '')), 'A') || to_tsvector('{language.Name}', content)";
    }
}
