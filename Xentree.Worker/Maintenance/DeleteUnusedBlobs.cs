using Azure.Storage.Blobs;
using Microsoft.EntityFrameworkCore;
using Xentree.Data;
using Xentree.Domain;

namespace Xentree.Worker.Maintenance;

/// <summary>Deletes the blobs that no row refers to any more. A blob that is gone already is no fault, so the job may run twice or be killed.</summary>
public sealed class DeleteUnusedBlobs(XentreeDbContext context, BlobServiceClient blobs, TimeProvider time)
{
    private const int BatchSize = 100;

    /// <summary>Runs the job; how many blobs went.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var now = time.Now;
        for (var count = 0; ;)
        {
            var batch = await context.UnusedBlobs.AsNoTracking()
                .Where(b => b.DeleteAfter <= now)
                .OrderBy(b => b.DeleteAfter)
                .Take(BatchSize)
                .ToListAsync(cancellation);
            foreach (var (container, name) in batch.Select(b => (b.Container, b.Name)))
            {
                await blobs.GetBlobContainerClient(container).GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: cancellation);
                count += await context.UnusedBlobs.Where(b => b.Container == container && b.Name == name).ExecuteDeleteAsync(cancellation);
            }

            if (batch.Count < BatchSize) return count;
        }
    }
}
