using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data;
using Xentree.Domain;
using Xentree.ServiceDefaults;

namespace Xentree.Worker;

/// <summary>Runs a job and remembers how it went.</summary>
public sealed partial class JobRunner(IServiceProvider services, XentreeDbContext context, TimeProvider time, ILogger<JobRunner> logger) : NamedJobs
{
    private static readonly ActivitySource Traces = new("Xentree.Worker");
    private static readonly Meter Meter = new("Xentree.Worker");
    private static readonly Counter<long> Done = Meter.CreateCounter<long>("xentree.jobs.rows", description: "Rows, users or deliveries that jobs dealt with.");
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("xentree.jobs.duration", "s", "How long jobs ran.");

    /// <summary>Runs the job of a name as of now: what Hangfire calls.</summary>
    [DisplayName("{0}")]
    public override Task RunAsync(string name, CancellationToken cancellation) => RunAtAsync(name, time.Now, cancellation);

    /// <summary>Runs the job of a name as of an instant; how many rows it dealt with.</summary>
    public async Task<long> RunAtAsync(string name, Instant now, CancellationToken cancellation)
    {
        var job = Schedule.Jobs.Single(j => j.Name == name);
        using var activity = Traces.StartActivity($"job {name}");
        var (startedAt, start) = (time.Now, time.GetTimestamp());
        var count = await job.RunAsync(services, now, cancellation);
        var took = time.GetElapsedTime(start);

        Done.Add(count, new KeyValuePair<string, object?>("job", name));
        Durations.Record(took.TotalSeconds, new KeyValuePair<string, object?>("job", name));
        LogDone(name, count, (long)took.TotalMilliseconds);
        await context.Database.ExecuteSqlAsync(
            $"""
            insert into job_runs (job, started_at, milliseconds, count) values ({name}, {startedAt}, {(long)took.TotalMilliseconds}, {count})
            on conflict (job) do update set started_at = excluded.started_at, milliseconds = excluded.milliseconds, count = excluded.count
            """,
            cancellation);
        return count;
    }

    [LoggerMessage(LogLevel.Information, "{Job} dealt with {Count} in {Milliseconds} ms")]
    private partial void LogDone(string job, long count, long milliseconds);
}
