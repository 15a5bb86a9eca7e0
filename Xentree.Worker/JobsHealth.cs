using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xentree.Data;
using Xentree.Domain;

namespace Xentree.Worker;

/// <summary>Degraded when a recurring job has not run for twice its period; lists each job's last run, duration and count.</summary>
internal sealed class JobsHealth(IDbContextFactory<XentreeDbContext> contexts, TimeProvider time) : IHealthCheck
{
    private readonly NodaTime.Instant _startedAt = time.Now;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = await database.JobRuns.AsNoTracking().ToDictionaryAsync(run => run.Job, cancellationToken);
        var now = time.Now;
        // A job that never ran is late when the worker has been up for twice its period.
        var late = Schedule.Jobs
            .Where(job => now - NodaTime.Instant.Max(_startedAt, runs.TryGetValue(job.Name, out var run) ? run.StartedAt : _startedAt) > job.Period * 2)
            .Select(job => job.Name).ToList();
        var data = Schedule.Jobs.ToDictionary(job => job.Name, object (job) => runs.TryGetValue(job.Name, out var run)
            ? new { last_run = run.StartedAt.ToString(), duration_ms = run.Milliseconds, count = run.Count }
            : new { last_run = "never", duration_ms = 0L, count = 0L });
        return late.Count == 0
            ? HealthCheckResult.Healthy("Every job ran within twice its period.", data)
            : HealthCheckResult.Degraded($"Late: {string.Join(", ", late)}.", data: data);
    }
}
