using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Xentree.ServiceDefaults;

/// <summary>Writes blobs.</summary>
public static class BlobWriting
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Writes a blob while its content comes, with one block of it in memory; makes its container, private, where there is none yet.</summary>
    public static async Task WriteAsync(this BlobContainerClient container, string name, Stream content, string mediaType, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(container);
        // Before, because what was read of the content does not come twice.
        await container.CreateIfNotExistsAsync(cancellationToken: cancellation);
        await container.GetBlobClient(name).UploadAsync(
            content,
            new BlobUploadOptions
            {
                HttpHeaders = new BlobHttpHeaders { ContentType = mediaType },
                TransferOptions = new StorageTransferOptions { InitialTransferSize = BlockBytes, MaximumTransferSize = BlockBytes, MaximumConcurrency = 1 },
            },
            cancellation);
    }

    /// <summary>Writes a blob; makes its container, private, where there is none yet.</summary>
    public static async Task WriteAsync(this BlobContainerClient container, string name, byte[] content, string mediaType, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(container);
        try
        {
            await WriteAsync();
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellation);
            await WriteAsync();
        }

        Task WriteAsync() => container.GetBlobClient(name).UploadAsync(
            BinaryData.FromBytes(content), new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = mediaType } }, cancellation);
    }
}
