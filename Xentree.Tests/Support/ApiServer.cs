using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Xentree.Api;
using Xentree.Data;
using Xentree.Worker.Maintenance;

namespace Xentree.Tests;

/// <summary>
/// The API over real HTTP, with a database of its own on the run's PostgreSQL. Take it as a class fixture; start a second replica with
/// <see cref="StartReplicaAsync"/>.
/// </summary>
public class ApiServer(EmbeddedServers servers) : IAsyncLifetime
{
    private readonly List<WebApplication> _replicas = [];
    private TestDatabase? _database;

    /// <summary>The clock of every replica.</summary>
    public TestClock Clock { get; } = new();

    /// <summary>The address of the first replica.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The database of this server.</summary>
    public string Database => _database!.ConnectionString;

    /// <summary>The key-encryption key of every replica.</summary>
    public const string EncryptionKey = "a key-encryption key for tests only, which is long enough";

    /// <summary>The replicas, in the order in which they started.</summary>
    public IReadOnlyList<WebApplication> Replicas => _replicas;

    /// <summary>The services of the first replica.</summary>
    public IServiceProvider Services => _replicas[0].Services;

    /// <summary>The servers of the run.</summary>
    protected EmbeddedServers Servers => servers;

    /// <summary>Settings that differ from the defaults; limits are out of the way unless a test is about them.</summary>
    protected virtual Dictionary<string, string?> Settings => [];

    /// <summary>Adds operations that only a test needs, such as one that fails.</summary>
    protected virtual void Map(WebApplication app)
    {
    }

    public virtual async ValueTask InitializeAsync()
    {
        _database = await servers.CreateDatabaseAsync(await TemplateAsync(servers));
        Address = await StartReplicaAsync();
    }

    /// <summary>Starts a further replica on the same servers.</summary>
    public async Task<Uri> StartReplicaAsync(Dictionary<string, string?>? settings = null)
    {
        var all = new Dictionary<string, string?>
        {
            ["environment"] = "Development",
            ["urls"] = "http://127.0.0.1:0",
            ["ConnectionStrings:xentree"] = _database!.ConnectionString,
            ["ConnectionStrings:cache"] = await servers.RedisConnectionStringAsync(),
            ["ConnectionStrings:blobs"] = await servers.BlobsConnectionStringAsync(),
            ["Encryption:Key"] = EncryptionKey,
            ["Accounts:AdminUsername"] = "root",
        };
        foreach (var limit in (string[])["Caller", "Anonymous", "LoginFailures", "LoginTries", "Register", "Chat"]) all[$"RateLimits:{limit}"] = "1000000";
        foreach (var (key, value) in Settings) all[key] = value;
        foreach (var (key, value) in settings ?? []) all[key] = value;

        var app = ApiHost.Build([.. all.Select(pair => $"--{pair.Key}={pair.Value}")], builder =>
        {
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Error).AddSimpleConsole();
        });
        Map(app);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        lock (_replicas) _replicas.Add(app);
        return new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>A server of a test's own, for a test that moves the clock. Not started yet.</summary>
    public ApiServer Another() => new(servers);

    /// <summary>A client that has not signed in.</summary>
    public ApiClient Anonymous(Uri? replica = null) => new(replica ?? Address);

    /// <summary>Registers and signs in a new user; their clock stands at <paramref name="now"/> when one is given.</summary>
    public async Task<ApiClient> SignInAsync(string? username = null, string? now = null, string? timezone = null)
    {
        var client = Anonymous();
        await client.RegisterAndLogInAsync(username ?? UniqueName(), now, timezone);
        return client;
    }

    /// <summary>A name that no other test uses.</summary>
    public static string UniqueName(string prefix = "u") => prefix + Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N")[12..];

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var replica in _replicas)
        {
            await replica.StopAsync();
            await replica.DisposeAsync();
        }

        if (_database is not null) await _database.DisposeAsync();
    }

    private static Task<string> TemplateAsync(EmbeddedServers servers) => servers.TemplateAsync("xentree_template", MigrateAsync);

    /// <summary>Brings a database up to date, which is created where there is none.</summary>
    protected static async Task MigrateAsync(string connectionString)
    {
        var options = new DbContextOptionsBuilder<XentreeDbContext>();
        DataServices.Configure(options, connectionString);
        await using var context = new XentreeDbContext(options.Options);
        await Migrate.ApplyAsync(context, CancellationToken.None);
    }
}
