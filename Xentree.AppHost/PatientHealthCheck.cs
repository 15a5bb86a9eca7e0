using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Xentree.AppHost;

/// <summary>
/// A check that asks again at once. The orchestrator waits a second after the first "not yet", two after the second and so on up to five:
/// along a chain of resources that start within a second each, those pauses were most of a warm start.
/// </summary>
/// <param name="ask">Asks; an exception is a "not yet".</param>
internal sealed class PatientHealthCheck(Func<CancellationToken, Task> ask) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                await ask(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                if (Stopwatch.GetElapsedTime(started) > Patience) return HealthCheckResult.Unhealthy(fault.Message, fault);
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }
}
