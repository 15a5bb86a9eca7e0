using Microsoft.EntityFrameworkCore;
using Xentree.Data.Blobs;
using Xentree.Domain;
using Xentree.Domain.Knowledge;

namespace Xentree.Data.Knowledge;

/// <summary>Questions about documents that several operations ask. Who may see what is said here and nowhere else.</summary>
public static class DocumentQueries
{
    extension(XentreeDbContext context)
    {
        /// <summary>
        /// The documents that somebody may see: their own and those that are shared with an organization of theirs; through an API key
        /// those of the key's organization.
        /// </summary>
        public IQueryable<Document> DocumentsVisibleTo(Owner owner, SearchScope scope = SearchScope.All)
        {
            var shared = context.Documents.Where(d => context.Members.Any(m =>
                m.UserId == owner.UserId && m.OrganizationId == d.OrganizationId && (owner.OrganizationId == null || m.OrganizationId == owner.OrganizationId)));
            return scope switch
            {
                SearchScope.Organization => shared,
                SearchScope.Mine when owner.OrganizationId is not null => shared.Where(d => d.UserId == owner.UserId),
                SearchScope.Mine => context.Documents.Where(d => d.UserId == owner.UserId),
                _ when owner.OrganizationId is not null => shared,
                _ => context.Documents.Where(d => d.UserId == owner.UserId
                    || context.Members.Any(m => m.UserId == owner.UserId && m.OrganizationId == d.OrganizationId)),
            };
        }

        /// <summary>
        /// Lets whoever uploads the same file at the same time wait until the transaction ends, so that they find what the first stored.
        /// </summary>
        public Task LockUploadAsync(Guid userId, Guid? organizationId, byte[] sha256, CancellationToken cancellation)
        {
            var name = $"document {userId:N} {organizationId:N} {Convert.ToHexStringLower(sha256)}";
            return context.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({name}, 0))", cancellation);
        }

        /// <summary>A document, locked until the transaction ends; null where there is none.</summary>
        public Task<Document?> LockDocumentAsync(Guid documentId, CancellationToken cancellation) =>
            context.Documents.FromSql($"select * from documents where id = {documentId} for update").SingleOrDefaultAsync(cancellation);

        /// <summary>The passages of documents that are shared with an organization.</summary>
        public Task<List<Guid>> PassagesSharedWithAsync(Guid organizationId, CancellationToken cancellation) => context.DocumentChunks
            .Where(c => context.Documents.Any(d => d.Id == c.DocumentId && d.OrganizationId == organizationId))
            .Select(c => c.Id)
            .ToListAsync(cancellation);

        /// <summary>Lists the files of an account for deletion; in the transaction that deletes the account.</summary>
        public Task DiscardDocumentsOfAsync(Guid userId, TimeProvider time, CancellationToken cancellation)
        {
            var now = time.Now;
            return context.Database.ExecuteSqlAsync(
                $"""
                insert into unused_blobs (container, name, delete_after)
                select {BlobContainers.Documents}, blob, {now} from documents where user_id = {userId} on conflict do nothing
                """,
                cancellation);
        }
    }
}
