using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Xentree.ServiceDefaults;

/// <summary>Writes blobs.</summary>
public static class BlobWriting
{
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
