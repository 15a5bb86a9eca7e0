using Azure.Storage.Blobs;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data;

namespace Xentree.Worker.Maintenance;

/// <summary>Deletes the blobs that no row refers to any more. A blob that is gone already is no fault, so the job may run twice or be killed.</summary>
internal static class DeleteUnusedBlobs
{
    private const int BatchSize = 100;

    public static async Task<long> RunAsync(IServiceProvider services, Instant now, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<XentreeDbContext>();
        var blobs = scope.ServiceProvider.GetRequiredService<BlobServiceClient>();
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
