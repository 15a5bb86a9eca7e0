using Hangfire.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xentree.Data;

namespace Xentree.Worker.Maintenance;

/// <summary>
/// <c>migrate</c>: brings the schema up to date, once, before anything else starts. It takes the migration lock, so two at once do no
/// harm, and it refuses a database that a newer version has migrated: going back is a restore, not a start.
/// </summary>
public static class Migrate
{
    private static readonly TimeSpan MaxDuration = TimeSpan.FromHours(2);

    /// <summary>Runs the verb.</summary>
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        await using var context = scope.ServiceProvider.GetRequiredService<XentreeDbContext>();
        if (await UnknownAsync(context, cancellation) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"The database is newer than this version: it has the migration {unknown}. Start the version that made it, or restore a back-up.");
            return 3;
        }

        await ApplyAsync(context, cancellation);
        return 0;
    }

    /// <summary>Applies what is missing: our migrations, and Hangfire's tables in their own schema.</summary>
    public static async Task ApplyAsync(XentreeDbContext context, CancellationToken cancellation)
    {
        // An index of a large table takes what it takes, and so does the wait for another migrator.
        context.Database.SetCommandTimeout(MaxDuration);
        await context.Database.MigrateAsync(cancellation);

        await context.Database.OpenConnectionAsync(cancellation);
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        // Hangfire's own scripts do not lock: this does, until the connection is given back.
        await using (var command = new NpgsqlCommand("select pg_advisory_lock(hashtext('xentree hangfire schema'))", connection))
            await command.ExecuteNonQueryAsync(cancellation);
        PostgreSqlObjectsInstaller.Install(connection);
    }

    private static async Task<string?> UnknownAsync(XentreeDbContext context, CancellationToken cancellation) =>
        await context.Database.CanConnectAsync(cancellation)
            ? (await context.Database.GetAppliedMigrationsAsync(cancellation)).Except(context.Database.GetMigrations()).FirstOrDefault()
            : null;
}
