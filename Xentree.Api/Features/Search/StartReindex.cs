using Hangfire;
using Microsoft.AspNetCore.Http.HttpResults;
using Xentree.Data;
using Xentree.Data.Search;

namespace Xentree.Api.Features.Search;

internal static class StartReindex
{
    public static async Task<Accepted<SearchStatusResponse>> HandleAsync(
        SearchUpkeep upkeep, IBackgroundJobClient jobs, XentreeDbContext context, TimeProvider time, CancellationToken cancellation)
    {
        var rebuild = await upkeep.RequestAsync(cancellation);
        // Also for one that is under way: should its job be lost, this one goes on, else they share the work.
        jobs.Enqueue<SearchUpkeep>(job => job.RebuildAsync(rebuild.Id, CancellationToken.None));
        return TypedResults.Accepted("/api/core/search/status", await GetSearchStatus.ReadAsync(context, time, cancellation));
    }
}
