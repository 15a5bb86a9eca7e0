using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Npgsql;
using StackExchange.Redis;

namespace Xentree.AppHost;

/// <summary>Empties the servers of a clone's own.</summary>
internal static class DevelopmentData
{
    public static async Task DropAsync(Servers servers, CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            RecreateDatabaseAsync(await ConnectionStringAsync(servers.Database, cancellationToken), cancellationToken),
            FlushAsync(await ConnectionStringAsync(servers.Cache, cancellationToken)),
            DeleteBlobsAsync(await ConnectionStringAsync(servers.Blobs, cancellationToken), cancellationToken));
    }

    private static async Task<string> ConnectionStringAsync(IResourceBuilder<IResourceWithConnectionString> server, CancellationToken cancellationToken) =>
        await server.Resource.GetConnectionStringAsync(cancellationToken) ?? throw new InvalidOperationException($"{server.Resource.Name} has no address yet.");

    private static async Task RecreateDatabaseAsync(string connectionString, CancellationToken cancellationToken)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        var name = target.Database;
        target.Database = "postgres";
        target.Pooling = false;
        await using var source = NpgsqlDataSource.Create(target);
        foreach (var sql in (string[])[$"""DROP DATABASE IF EXISTS "{name}" WITH (FORCE)""", $"""CREATE DATABASE "{name}" """])
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task FlushAsync(string connectionString)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(connectionString);
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
    }

    /// <summary>The containers stay: a name may not be used again at once everywhere.</summary>
    private static async Task DeleteBlobsAsync(string connectionString, CancellationToken cancellationToken)
    {
        var client = new BlobServiceClient(connectionString);
        await foreach (var container in client.GetBlobContainersAsync(cancellationToken: cancellationToken))
        {
            var blobs = client.GetBlobContainerClient(container.Name);
            await foreach (var blob in blobs.GetBlobsAsync(cancellationToken: cancellationToken))
            {
                await blobs.DeleteBlobIfExistsAsync(blob.Name, DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
            }
        }
    }
}
