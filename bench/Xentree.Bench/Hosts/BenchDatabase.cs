using Npgsql;

namespace Xentree.Bench.Hosts;

/// <summary>A database of a benchmark's own, and the Redis beside it.</summary>
/// <param name="Postgres">The database's connection string.</param>
/// <param name="Redis">The connection string of Redis.</param>
/// <param name="Drop">Drops the database.</param>
internal sealed record BenchDatabase(string Postgres, string Redis, Func<Task> Drop) : IAsyncDisposable
{
    /// <summary>Prepares data or looks at it; on a connection of its own, without a limit of time.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellation, params (string Name, object Value)[] parameters)
    {
        await using var connection = new NpgsqlConnection($"{Postgres};Pooling=false;Command Timeout=0");
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Brings statistics up to date and writes out what is dirty, so that no measurement pays for what was prepared before it.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        await ExecuteAsync("vacuum analyze", cancellation);
        await ExecuteAsync("checkpoint", cancellation);
    }

    public async ValueTask DisposeAsync() => await Drop();
}
