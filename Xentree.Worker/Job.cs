using NodaTime;

namespace Xentree.Worker;

/// <summary>A recurring job. It may run twice, late, on several workers, or be killed at any statement: what it does is decided by what the database says.</summary>
/// <param name="Name">Its name, on the dashboard and for <c>run</c>.</param>
/// <param name="Cron">When it runs, in UTC.</param>
/// <param name="Period">How often that is: health is degraded when the last run is older than twice this.</param>
/// <param name="RunAsync">Does it as of an instant; how many rows it dealt with.</param>
/// <param name="Queue">The queue in which it waits: <see cref="ServiceDefaults.NamedJobsQueue.Slow"/> for one that may take minutes.</param>
public sealed record Job(string Name, string Cron, Duration Period, Func<IServiceProvider, Instant, CancellationToken, Task<long>> RunAsync, string Queue = "default");
