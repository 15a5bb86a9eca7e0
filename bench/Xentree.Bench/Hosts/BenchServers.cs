using Microsoft.EntityFrameworkCore;
using Npgsql;
using StackExchange.Redis;
using Xentree.AppHost.Embedded;
using Xentree.Data;
using Xentree.Tests;
using Xentree.Worker.Maintenance;

namespace Xentree.Bench.Hosts;

/// <summary>The real servers of a run: a PostgreSQL that keeps what it commits, as in production, and a Redis. They and their data go when the run ends.</summary>
internal sealed class BenchServers : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly LocalServer _postgres;
    private readonly LocalServer _redis;

    private BenchServers(TestFolder folder, LocalServer postgres, LocalServer redis) => (_folder, _postgres, _redis) = (folder, postgres, redis);

    public static async Task<BenchServers> StartAsync(CancellationToken cancellation)
    {
        var folder = TestFolder.Create();
        var packages = await EmbeddedPackages.EnsureAsync(folder.State, Console.Error.WriteLine, cancellation);
        var postgres = await LocalServer.StartAsync(new EmbeddedPostgres(packages, folder.Next("postgres"), durable: true), cancellation);
        var redis = await LocalServer.StartAsync(new EmbeddedCache(folder.Next("cache")), cancellation);
        await WarmUpAsync(redis.ConnectionString);
        return new(folder, postgres, redis);
    }

    /// <summary>A new database with the present schema; disposing it drops it.</summary>
    public async Task<BenchDatabase> CreateDatabaseAsync(string name, CancellationToken cancellation)
    {
        await ExecuteAsync($"""CREATE DATABASE "{name}" TEMPLATE template0""", cancellation);
        var database = new BenchDatabase(ConnectionString(name), _redis.ConnectionString, () => ExecuteAsync($"""DROP DATABASE "{name}" WITH (FORCE)""", CancellationToken.None));
        var options = new DbContextOptionsBuilder<XentreeDbContext>();
        DataServices.Configure(options, $"{database.Postgres};Pooling=false;Command Timeout=0");
        await using var context = new XentreeDbContext(options.Options);
        await Migrate.ApplyAsync(context, cancellation);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
        await _folder.DisposeAsync();
    }

    // Its first script may take longer than the API waits for one, and for a minute after that the API would do without it.
    private static async Task WarmUpAsync(string redis)
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync($"{redis},asyncTimeout=60000,connectTimeout=60000");
        for (var i = 0; i < 200; i++) await client.GetDatabase().ScriptEvaluateAsync("return redis.call('INCR', KEYS[1])", ["warm-up"]);
    }

    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = database }.ConnectionString;

    private async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
