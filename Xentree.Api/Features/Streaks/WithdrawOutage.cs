using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Domain.Streaks;

namespace Xentree.Api.Features.Streaks;

internal static class WithdrawOutage
{
    public static async Task<Results<NoContent, Failure>> HandleAsync(Guid outageId, XentreeDbContext context, BusinessClock clock, CancellationToken cancellation)
    {
        var now = clock.Now;
        var outage = await context.Outages.AsNoTracking().SingleOrDefaultAsync(o => o.Id == outageId && o.WithdrawnAt == null, cancellation);
        if (outage is null) return Failures.NotFound;
        if (now >= new Outage(outage.StartsAt, outage.EndsAt).WithdrawableUntil()) return Failures.OutageFinal;

        // Two at once: one withdraws, the other finds nothing.
        return await context.Outages.Where(o => o.Id == outageId && o.WithdrawnAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.WithdrawnAt, now), cancellation) == 0
            ? Failures.NotFound
            : TypedResults.NoContent();
    }
}
