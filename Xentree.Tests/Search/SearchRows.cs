using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xentree.Data.Search;

namespace Xentree.Tests.Search;

/// <summary>Looks behind search, into its tables and its upkeep.</summary>
internal static class SearchRows
{
    extension(ApiServer api)
    {
        public async Task<object?> ScalarAsync(string sql)
        {
            await using var connection = new NpgsqlConnection(api.Database);
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }

        public Task ExecuteAsync(string sql) => api.ScalarAsync(sql);

        /// <summary>What the worker does every night.</summary>
        public async Task<long> SweepAsync()
        {
            await using var scope = api.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<SearchUpkeep>().SweepAsync(TestContext.Current.CancellationToken);
        }
    }
}
