using Hangfire;

namespace Xentree.ServiceDefaults;

/// <summary>
/// The jobs that the worker knows by name, as other hosts see them: they put a call of this into the queue, and the worker carries it
/// out. The call says no more than «look now»: what is to be done stands in the database, where a recurring run finds it too.
/// </summary>
public abstract class NamedJobs
{
    /// <summary>Runs the job of a name.</summary>
    public abstract Task RunAsync(string name, CancellationToken cancellation);
}

/// <summary>Asks for jobs.</summary>
public static class NamedJobsQueue
{
    /// <summary>The queue of jobs that take long; it has few workers of its own, so that the others never wait for it.</summary>
    public const string Slow = "slow";

    /// <summary>Asks the worker to run a long job soon; after the commit of what it is to find.</summary>
    public static void RunSoon(this IBackgroundJobClient jobs, string name) =>
        jobs.Enqueue<NamedJobs>(Slow, named => named.RunAsync(name, CancellationToken.None));
}
