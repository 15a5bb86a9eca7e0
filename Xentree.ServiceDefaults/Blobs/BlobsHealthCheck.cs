using Azure;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Azure.Storage.Blobs;

/// <summary>Asks the blob service for its properties: an answer proves the address and the credentials, and reads nobody's data.</summary>
internal sealed class BlobsHealthCheck(BlobServiceClient client) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await client.GetPropertiesAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception fault) when (fault is RequestFailedException or AggregateException)
        {
            return new(context.Registration.FailureStatus, "Blob storage does not answer.", fault);
        }
    }
}
