using Npgsql;

namespace Xentree.Tests;

/// <summary>
/// Rows that a test holds locked, so that requests meet at one point: they wait for the rows, the test waits until they do, and lets go.
/// A race is then run the same way each time.
/// </summary>
public sealed class HeldRows : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlConnection _observer;

    private HeldRows(NpgsqlConnection connection, NpgsqlConnection observer) => (_connection, _observer) = (connection, observer);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Holds what <paramref name="select"/> locks, for <paramref name="id"/> as <c>@id</c>.</summary>
    public static async Task<HeldRows> TakeAsync(ApiServer api, string select, Guid id)
    {
        var (connection, observer) = (new NpgsqlConnection(api.Database), new NpgsqlConnection(api.Database));
        await connection.OpenAsync(Cancellation);
        await observer.OpenAsync(Cancellation);
        await connection.BeginTransactionAsync(Cancellation);
        await using var command = new NpgsqlCommand(select, connection) { Parameters = { new("id", id) } };
        await command.ExecuteNonQueryAsync(Cancellation);
        return new(connection, observer);
    }

    /// <summary>Waits until so many requests wait for a lock, or <paramref name="orUntil"/> has ended.</summary>
    public async Task WaitForWaitersAsync(int count, Task? orUntil = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        await using var command = new NpgsqlCommand("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'", _observer);
        while ((long)(await command.ExecuteScalarAsync(patience.Token))! < count && orUntil is not { IsCompleted: true }) await Task.Delay(Poll, patience.Token);
    }

    /// <summary>Lets go.</summary>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _observer.DisposeAsync();
    }
}
