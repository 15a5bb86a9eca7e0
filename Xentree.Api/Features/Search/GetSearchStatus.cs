using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Xentree.Data;
using Xentree.Data.Search;
using Xentree.Domain;

namespace Xentree.Api.Features.Search;

internal static class GetSearchStatus
{
    public static async Task<Ok<SearchStatusResponse>> HandleAsync(XentreeDbContext context, TimeProvider time, CancellationToken cancellation) =>
        TypedResults.Ok(await ReadAsync(context, time, cancellation));

    public static async Task<SearchStatusResponse> ReadAsync(XentreeDbContext context, TimeProvider time, CancellationToken cancellation)
    {
        var state = await context.ReadSearchStateAsync(cancellation);
        return new()
        {
            Indexed = state.Types.Sum(type => type.Indexed),
            Missing = state.Types.Sum(type => type.Missing),
            LagSeconds = state.OldestMissing is { } oldest ? (long)Duration.Max(Duration.Zero, time.Now - oldest).TotalSeconds : 0,
            Types = [.. state.Types.Select(type => new SearchTypeStatus(type.Type, type.Indexed, type.Missing))],
            Reindex = state.LastRebuild is { } rebuild ? SearchReindex.Of(rebuild) : null,
        };
    }
}
