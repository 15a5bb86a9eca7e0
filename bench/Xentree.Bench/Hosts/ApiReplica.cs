using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Storage.Internal;
using Xentree.Api;
using Xentree.Api.Auth;
using Xentree.Data;

namespace Xentree.Bench.Hosts;

/// <summary>The real API on Kestrel, in this process and configured as in production, with a baseline's operations beside its own.</summary>
internal sealed class ApiReplica : IAsyncDisposable
{
    private const string Unlimited = "1000000000";

    private readonly WebApplication _app;

    private ApiReplica(WebApplication app, NpgsqlDataSource pool) => (_app, Pool) = (app, pool);

    public Uri Address => _app.Address;

    public IServiceProvider Services => _app.Services;

    /// <summary>The very pool from which the API's operations take their connections.</summary>
    public NpgsqlDataSource Pool { get; }

    /// <summary>Starts it.</summary>
    /// <param name="database">Its servers.</param>
    /// <param name="map">Adds a baseline's operations, which then run behind all that the API's own run behind.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="more">Further settings, as <c>name=value</c>.</param>
    public static async Task<ApiReplica> StartAsync(
        BenchDatabase database, Action<WebApplication, NpgsqlDataSource>? map, CancellationToken cancellation, IReadOnlyList<string>? more = null)
    {
        string[] settings =
        [
            "environment=Production",
            "urls=http://127.0.0.1:0",
            $"ConnectionStrings:xentree={database.Postgres}",
            $"ConnectionStrings:cache={database.Redis}",
            // No benchmark stores a blob: nobody listens there.
            "ConnectionStrings:blobs=UseDevelopmentStorage=true",
            "Encryption:Key=a key-encryption key for benchmarks only, which is long enough",
            // Counted like any other call, and never refused.
            $"RateLimits:Caller={Unlimited}",
            $"RateLimits:Anonymous={Unlimited}",
            $"RateLimits:Chat={Unlimited}",
            .. more ?? [],
        ];
        var app = ApiHost.Build([.. settings.Select(setting => "--" + setting)], builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
        var pool = await PoolAsync(app.Services, cancellation);
        map?.Invoke(app, pool);
        await app.StartAsync(cancellation);
        return new(app, pool);
    }

    /// <summary>An access token for a session that is in the database.</summary>
    public Task<string> TokenAsync(Guid userId, Guid sessionId, CancellationToken cancellation) =>
        Services.GetRequiredService<AccessTokens>().CreateAsync(userId, sessionId, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
    }

    // Entity Framework keeps it to itself, and a second pool would be another one.
#pragma warning disable EF1001
    private static async Task<NpgsqlDataSource> PoolAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using var context = await services.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContextAsync(cancellation);
        return (NpgsqlDataSource)((NpgsqlRelationalConnection)context.GetService<IRelationalConnection>()).DbDataSource!;
    }
#pragma warning restore EF1001
}
