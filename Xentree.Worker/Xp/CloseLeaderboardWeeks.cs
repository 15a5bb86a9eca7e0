using NodaTime;
using Xentree.Data.Xp;

namespace Xentree.Worker.Xp;

/// <summary>Writes the rankings of organizations down when their week is over.</summary>
internal static class CloseLeaderboardWeeks
{
    public static async Task<long> RunAsync(IServiceProvider services, Instant now, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<LeaderboardClosing>().CloseAsync(now, cancellation);
    }
}
