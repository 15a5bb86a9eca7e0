using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.Export;
using Xentree.Api.Http.Idempotency;

namespace Xentree.Api.Features.Streaks;

internal static class StreakEndpoints
{
    public static void AddStreaks(this IServiceCollection services)
    {
        services.AddExportPart("saver_purchases", (context, userId) => context.SaverPurchases.AsNoTracking().Where(row => row.UserId == userId), row => row.Id);
        services.AddExportPart("zone_changes", (context, userId) => context.ZoneChanges.AsNoTracking().Where(row => row.UserId == userId), row => row.Id);
    }

    public static void MapStreaks(this WebApplication app)
    {
        var xp = app.MapGroup("/api/xp").WithTags("Profile & Analytics");

        xp.MapGet("/streak-status", GetStreakStatus.HandleAsync)
            .RequireScope("conversations:read")
            .WithName("getStreakStatus")
            .WithSummary("Get streak status")
            .WithDescription("The streak at this moment. `explain=true` adds the reason of each of the last 30 days, and when and why savers and tokens came and went.");

        xp.MapPost("/streak-savers", BuySaver.HandleAsync)
            .RequireScope("conversations:write")
            .AcceptsIdempotencyKey()
            .WithName("buyStreakSaver")
            .WithSummary("Buy a streak saver")
            .WithDescription("Spends 50 tokens on a saver, which covers a missed day from now on. At most 2 are held.")
            .Fails("saver_limit", "insufficient_tokens");
    }
}
