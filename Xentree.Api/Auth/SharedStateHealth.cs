using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Xentree.Api.Auth;

/// <summary>Says whether the rate limits are shared by all replicas, or each replica counts for itself because Redis is down.</summary>
internal sealed class SharedStateHealth(SharedState shared) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        shared.IsReachable
            ? HealthCheckResult.Healthy("Rate limits are shared by all replicas.")
            : HealthCheckResult.Degraded("Redis does not answer: each replica limits for itself, and callers are looked up in PostgreSQL."));
}
