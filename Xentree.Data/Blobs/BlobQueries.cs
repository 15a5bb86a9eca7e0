using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Domain;

namespace Xentree.Data.Blobs;

/// <summary>Keeps the list of blobs that no row refers to; see <see cref="UnusedBlob"/>.</summary>
public static class BlobQueries
{
    /// <summary>Longer than any request that writes a blob.</summary>
    private static readonly Duration WriteTime = Duration.FromHours(1);

    extension(XentreeDbContext context)
    {
        /// <summary>Lists a blob that is about to be written; on its own, before the transaction that refers to it.</summary>
        public Task AnnounceBlobAsync(string container, string name, TimeProvider time, CancellationToken cancellation)
        {
            var deleteAfter = time.Now + WriteTime;
            return context.Database.ExecuteSqlAsync(
                $"insert into unused_blobs (container, name, delete_after) values ({container}, {name}, {deleteAfter}) on conflict do nothing", cancellation);
        }

        /// <summary>Takes a blob off the list; in the transaction that refers to it.</summary>
        public Task KeepBlobAsync(string container, string name, CancellationToken cancellation) =>
            context.UnusedBlobs.Where(b => b.Container == container && b.Name == name).ExecuteDeleteAsync(cancellation);

        /// <summary>Lists a blob that its row lets go; with the changes that are saved next.</summary>
        public void DiscardBlob(string container, string? name, TimeProvider time)
        {
            if (name is not null) context.UnusedBlobs.Add(new UnusedBlob { Container = container, Name = name, DeleteAfter = time.Now });
        }
    }
}
