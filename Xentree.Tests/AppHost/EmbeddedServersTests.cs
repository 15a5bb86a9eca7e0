using Azure.Storage.Blobs;
using Npgsql;
using StackExchange.Redis;

namespace Xentree.Tests.AppHost;

/// <summary>The servers that development and tests run on are the real ones.</summary>
public sealed class EmbeddedServersTests(EmbeddedServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_is_a_copy_of_its_template()
    {
        var template = await servers.TemplateAsync("a_template", Fill);
        await using var database = await servers.CreateDatabaseAsync(template, Cancelled);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);

        Assert.Equal("one", await source.CreateCommand("SELECT word FROM words").ExecuteScalarAsync(Cancelled));
        Assert.StartsWith("18.", (string?)await source.CreateCommand("SHOW server_version").ExecuteScalarAsync(Cancelled), StringComparison.Ordinal);

        static async Task Fill(string connectionString)
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await source.CreateCommand("CREATE TABLE words (word text); INSERT INTO words VALUES ('one')").ExecuteNonQueryAsync(Cancelled);
        }
    }

    [Fact]
    public async Task Redis_runs_scripts_and_publishes()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(await servers.RedisConnectionStringAsync());
        var heard = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"), (_, message) => heard.TrySetResult(message));

        var counted = await redis.GetDatabase().ScriptEvaluateAsync("return redis.call('INCRBY', KEYS[1], ARGV[1])", ["counted"], [7]);
        await redis.GetDatabase().PublishAsync(RedisChannel.Literal("news"), "hello");

        Assert.Equal(7, (int)counted);
        Assert.Equal("hello", await heard.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancelled));
    }

    [Fact]
    public async Task Blobs_come_back_as_they_were_stored()
    {
        var client = new BlobServiceClient(await servers.BlobsConnectionStringAsync());
        var container = client.GetBlobContainerClient("comeback");
        await container.CreateIfNotExistsAsync(cancellationToken: Cancelled);

        await container.GetBlobClient("word").UploadAsync(BinaryData.FromString("kept"), overwrite: true, Cancelled);

        var back = await container.GetBlobClient("word").DownloadContentAsync(Cancelled);
        Assert.Equal("kept", back.Value.Content.ToString());
    }

    [Fact]
    public async Task PostgreSQL_that_was_stopped_or_killed_comes_back_with_its_data_at_its_address()
    {
        await using var server = await servers.StartPostgresAsync(Cancelled);
        await using var source = NpgsqlDataSource.Create(server.ConnectionString + ";Pooling=false");
        await source.CreateCommand("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)").ExecuteNonQueryAsync(Cancelled);

        await server.StopAsync(Cancelled);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => source.OpenConnectionAsync(Cancelled).AsTask());
        await server.StartAsync(Cancelled);
        Assert.Equal(1, await source.CreateCommand("SELECT n FROM kept").ExecuteScalarAsync(Cancelled));

        await server.KillAsync(Cancelled);
        await server.StartAsync(Cancelled);
        Assert.Equal(1, await source.CreateCommand("SELECT n FROM kept").ExecuteScalarAsync(Cancelled));
    }

    [Fact]
    public async Task Redis_that_was_killed_comes_back_at_its_address()
    {
        await using var server = await servers.StartRedisAsync(Cancelled);

        await server.KillAsync(Cancelled);
        await server.StartAsync(Cancelled);

        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        Assert.True(await redis.GetDatabase().StringSetAsync("back", 1));
    }
}
