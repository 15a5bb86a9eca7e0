using Hangfire;
using NodaTime;
using Xentree.Data.Knowledge;
using Xentree.ServiceDefaults;
using Xentree.Worker.Knowledge;
using Xentree.Worker.Learning;
using Xentree.Worker.Maintenance;
using Xentree.Worker.Search;
using Xentree.Worker.Streaks;
using Xentree.Worker.Xp;

namespace Xentree.Worker;

/// <summary>What runs when.</summary>
public static class Schedule
{
    /// <summary>Every recurring job.</summary>
    public static IReadOnlyList<Job> Jobs { get; } =
    [
        new("roll-over-streaks", "*/15 * * * *", Duration.FromMinutes(15), RollOverStreaks.RunAsync),
        new("close-leaderboard-weeks", "3/15 * * * *", Duration.FromMinutes(15), CloseLeaderboardWeeks.RunAsync),
        new("verify-aggregates", "40 3 * * *", Duration.FromDays(1), VerifyAggregates.RunAsync),
        new("delete-expired", "7 * * * *", Duration.FromHours(1), DeleteExpired.RunAsync),
        new("delete-unused-blobs", "* * * * *", Duration.FromMinutes(1), DeleteUnusedBlobs.RunAsync),
        new("sweep-search", "20 2 * * *", Duration.FromDays(1), SweepSearch.RunAsync),
        // What an upload asked for finds nothing left for this one; a run over many documents takes long and is not late.
        new(DocumentWork.Job, "* * * * *", Duration.FromHours(1), ProcessDocuments.RunAsync, NamedJobsQueue.Slow),
    ];

    /// <summary>Puts the jobs into Hangfire.</summary>
    internal static void Apply(IRecurringJobManagerV2 jobs)
    {
        foreach (var job in Jobs) jobs.AddOrUpdate<JobRunner>(job.Name, job.Queue, runner => runner.RunAsync(job.Name, CancellationToken.None), job.Cron);
    }
}
