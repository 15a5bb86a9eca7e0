using Hangfire;
using Hangfire.PostgreSql;
using Microsoft.Extensions.DependencyInjection;

namespace Xentree.ServiceDefaults;

/// <summary>The queue of background jobs: Hangfire on PostgreSQL, in a schema and with a connection pool of its own.</summary>
public static class JobQueue
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Adds the queue's client and its storage; the worker adds a server to it.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="connectionString">The database.</param>
    /// <param name="connections">How many connections the pool may hold.</param>
    public static IServiceCollection AddJobQueue(this IServiceCollection services, string connectionString, int connections) =>
        services.AddHangfire((_, hangfire) =>
        {
            hangfire.UsePostgreSqlStorage(
                storage => storage.UseNpgsqlConnection($"{connectionString};Application Name=xentree-jobs;Maximum Pool Size={connections}"),
                new PostgreSqlStorageOptions
                {
                    PrepareSchemaIfNecessary = false,
                    QueuePollInterval = PollInterval,
                    EnableLongPolling = true,
                    // A job of a killed worker is taken over by another; jobs may run twice.
                    UseSlidingInvisibilityTimeout = true,
                });
            // Hangfire's filters belong to the process, and a process may hold several hosts.
            lock (GlobalJobFilters.Filters)
            {
                if (!GlobalJobFilters.Filters.Any(filter => filter.Instance is TracedJobs)) hangfire.UseFilter(new TracedJobs());
            }
        });
}
