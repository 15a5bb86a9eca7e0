using System.Diagnostics;
using Hangfire.Client;
using Hangfire.Server;

namespace Xentree.ServiceDefaults;

/// <summary>
/// Carries the trace of whoever enqueued a job into the job's run (W3C Trace Context), so that a request and the work that it left to
/// the worker are one trace. Hosts that put jobs into the queue and hosts that run them use it alike.
/// </summary>
public sealed class TracedJobs : IClientFilter, IServerFilter
{
    private const string Parameter = "traceparent";
    private const string Running = "xentree.activity";

    private static readonly ActivitySource Source = new("Xentree.Jobs");

    /// <inheritdoc/>
    public void OnCreating(CreatingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id }) context.SetJobParameter(Parameter, id);
    }

    /// <inheritdoc/>
    public void OnCreated(CreatedContext context)
    {
        // The trace went with the job when it was created.
    }

    /// <inheritdoc/>
    public void OnPerforming(PerformingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _ = ActivityContext.TryParse(context.GetJobParameter<string>(Parameter), null, isRemote: true, out var parent);
        var job = context.BackgroundJob.Job;
        // A recurring job has no parent and begins a trace of its own. Arguments are ids and dates, and stay out all the same.
        var activity = Source.StartActivity($"{job.Type.Name}.{job.Method.Name}", ActivityKind.Consumer, parent);
        if (activity is null) return;

        activity.SetTag("hangfire.job.id", context.BackgroundJob.Id);
        context.Items[Running] = activity;
    }

    /// <inheritdoc/>
    public void OnPerformed(PerformedContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Items.TryGetValue(Running, out var running) || running is not Activity activity) return;

        if (context.Exception is { } exception) activity.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
        activity.Dispose();
    }
}
