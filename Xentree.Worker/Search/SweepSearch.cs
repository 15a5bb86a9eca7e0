using NodaTime;
using Xentree.Data.Search;

namespace Xentree.Worker.Search;

/// <summary>
/// Keeps the search index what its sources say: continues a rebuild whose job was lost, indexes what a restored or imported table holds, and
/// forgets the words of deleted texts. Its count is how many it put right.
/// </summary>
internal static class SweepSearch
{
    public static async Task<long> RunAsync(IServiceProvider services, Instant now, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SearchUpkeep>().SweepAsync(cancellation);
    }
}
