using System.Collections.Concurrent;
using Npgsql;
using Xentree.AppHost.Embedded;

[assembly: AssemblyFixture(typeof(Xentree.Tests.EmbeddedServers))]

namespace Xentree.Tests;

/// <summary>
/// The servers of one test run: one PostgreSQL, one Redis, one blob storage, one Harper with WordNet, each started when first asked for.
/// Take it as a constructor parameter. Data goes when the run ends, or at the start of the next when this one was killed.
/// </summary>
public sealed class EmbeddedServers : IAsyncDisposable
{
    private const string ExternalRedis = "XENTREE_TEST_REDIS";

    private readonly TestFolder _folder = TestFolder.Create();
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _templates = [];
    private readonly Lazy<Task<EmbeddedPackages>> _packages;
    private readonly Lazy<Task<LocalServer>> _postgres;
    private readonly Lazy<Task<LocalServer>> _redis;
    private readonly Lazy<Task<LocalServer>> _blobs;
    private readonly Lazy<Task<LocalServer>> _language;
    private int _databases;

    public EmbeddedServers()
    {
        _packages = new(() => EmbeddedPackages.EnsureAsync(_folder.State, Console.Error.WriteLine, CancellationToken.None));
        _postgres = new(() => StartPostgresAsync());
        _redis = new(() => StartRedisAsync());
        _blobs = new(() => StartBlobsAsync());
        _language = new(() => StartLanguageAsync());
    }

    /// <summary>The connection string of the run's PostgreSQL, as its superuser, without a database.</summary>
    public async Task<string> PostgresConnectionStringAsync() => (await _postgres.Value).ConnectionString;

    /// <summary>The run's Redis: Garnet, or the server that the environment names.</summary>
    public async Task<string> RedisConnectionStringAsync() =>
        Environment.GetEnvironmentVariable(ExternalRedis) is { Length: > 0 } external ? external : (await _redis.Value).ConnectionString;

    /// <summary>The run's blob storage.</summary>
    public async Task<string> BlobsConnectionStringAsync() => (await _blobs.Value).ConnectionString;

    /// <summary>The run's Harper and WordNet. Harper needs some seconds to start: who asks waits until it answers.</summary>
    public async Task<string> LanguageConnectionStringAsync() => (await _language.Value).ConnectionString;

    /// <summary>Fills a template database once a run, whoever asks first.</summary>
    /// <param name="name">The template's name.</param>
    /// <param name="fill">Fills it, given its connection string; it must leave no connection open (<c>Pooling=false</c> is set).</param>
    /// <returns>The template's name, for <see cref="CreateDatabaseAsync"/>.</returns>
    public Task<string> TemplateAsync(string name, Func<string, Task> fill) => _templates.GetOrAdd(name, _ => new(async () =>
    {
        await ExecuteAsync($"""CREATE DATABASE "{name}" """);
        await fill(await ConnectionStringAsync(name, pooling: false));
        return name;
    })).Value;

    /// <summary>Creates a database of one test class's own; disposing it drops it.</summary>
    /// <param name="template">The template that it copies, or null for an empty one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<TestDatabase> CreateDatabaseAsync(string? template = null, CancellationToken cancellationToken = default)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"""CREATE DATABASE "{name}" TEMPLATE "{template ?? "template0"}" """, cancellationToken);
        return new(name, await ConnectionStringAsync(name), () => ExecuteAsync($"""DROP DATABASE IF EXISTS "{name}" WITH (FORCE)"""));
    }

    /// <summary>Starts a PostgreSQL of the caller's own, to be stopped and started at will.</summary>
    public async Task<LocalServer> StartPostgresAsync(CancellationToken cancellationToken = default) =>
        await LocalServer.StartAsync(new EmbeddedPostgres(await _packages.Value, _folder.Next("postgres"), durable: false), cancellationToken);

    /// <summary>Starts a Redis of the caller's own, to be stopped and started at will.</summary>
    public Task<LocalServer> StartRedisAsync(CancellationToken cancellationToken = default) =>
        LocalServer.StartAsync(new EmbeddedCache(_folder.Next("cache")), cancellationToken);

    /// <summary>Starts a blob storage of the caller's own, to be stopped and started at will.</summary>
    public async Task<LocalServer> StartBlobsAsync(CancellationToken cancellationToken = default) =>
        await LocalServer.StartAsync(new EmbeddedBlobs(await _packages.Value, _folder.Next("blobs")), cancellationToken);

    /// <summary>Starts a Harper and WordNet of the caller's own, to be stopped and started at will.</summary>
    public async Task<LocalServer> StartLanguageAsync(CancellationToken cancellationToken = default) =>
        await LocalServer.StartAsync(new EmbeddedLanguage(await _packages.Value, _folder.Next("language")), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await Task.WhenAll(new[] { _postgres, _redis, _blobs, _language }.Where(server => server.IsValueCreated).Select(StopAsync));
        await _folder.DisposeAsync();
    }

    private static async Task StopAsync(Lazy<Task<LocalServer>> server)
    {
        // One that never came up has told so to the tests that asked for it.
        if (server.Value.IsCompletedSuccessfully) await (await server.Value).DisposeAsync();
    }

    private async Task<string> ConnectionStringAsync(string database, bool pooling = true) =>
        new NpgsqlConnectionStringBuilder(await PostgresConnectionStringAsync())
        {
            Database = database,
            Pooling = pooling,
            MaxPoolSize = 20,
            IncludeErrorDetail = true,
        }.ConnectionString;

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(await ConnectionStringAsync("postgres", pooling: false));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
