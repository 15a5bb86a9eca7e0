using Hangfire;
using Xentree.Worker.Maintenance;

namespace Xentree.Worker;

/// <summary>What runs when, in UTC.</summary>
internal static class Schedule
{
    public static void Apply(IRecurringJobManagerV2 jobs)
    {
        jobs.AddOrUpdate<DeleteExpired>("delete-expired", job => job.RunAsync(CancellationToken.None), Cron.Hourly);
        jobs.AddOrUpdate<DeleteUnusedBlobs>("delete-unused-blobs", job => job.RunAsync(CancellationToken.None), Cron.Minutely);
    }
}
