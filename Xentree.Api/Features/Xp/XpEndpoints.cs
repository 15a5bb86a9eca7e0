using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.Export;

namespace Xentree.Api.Features.Xp;

internal static class XpEndpoints
{
    private const string Tag = "Profile & Analytics";
    private const string Scope = "conversations:read";

    public static void AddXp(this IServiceCollection services)
    {
        services.AddExportPart("xp_ledger", (context, userId) => context.XpLedger.AsNoTracking().Where(row => row.UserId == userId), row => row.Id);
        services.AddExportPart("token_ledger", (context, userId) => context.TokenLedger.AsNoTracking().Where(row => row.UserId == userId), row => row.Id);
        services.AddExportPart("boosters", (context, userId) => context.Boosters.AsNoTracking().Where(row => row.UserId == userId), row => row.Id);
    }

    public static void MapXp(this WebApplication app)
    {
        var xp = app.MapGroup("/api/xp").WithTags(Tag);

        xp.MapGet("/profile", GetXPProfile.HandleAsync)
            .RequireScope(Scope)
            .WithName("getXpProfile")
            .WithSummary("Get my XP profile")
            .WithDescription("XP, level, streak, savers, tokens and the active booster, as they stand at this moment. XP and the longest streak never fall.");

        xp.MapGet("/public-profile/{username}", GetPublicXPProfile.HandleAsync)
            .AllowAnonymous()
            .WithName("getPublicXpProfile")
            .WithSummary("Get a user's public profile")
            .WithDescription("What everybody may see of a learner. Who set `profile_visibility` to `private` is not found.")
            .Fails("not_found");

        xp.MapGet("/weekly-activity", GetWeeklyActivity.HandleAsync)
            .RequireScope(Scope)
            .WithName("getWeeklyActivity")
            .WithSummary("Get weekly XP activity")
            .WithDescription("XP of each day of the current week, Sunday to Saturday, in the learner's zone, and the days that savers cover.");

        xp.MapGet("/learning-pulse", GetLearningPulse.HandleAsync)
            .RequireScope(Scope)
            .WithName("getLearningPulse")
            .WithSummary("Get learning pulse (365-day heatmap)")
            .WithDescription("Exactly 365 days, oldest first, today last; days without activity are zeros.");

        app.MapGet("/api/analytics/learning-time", GetLearningTime.HandleAsync)
            .WithTags(Tag)
            .RequireScope(Scope)
            .WithName("getLearningTime")
            .WithSummary("Get learning time analytics")
            .WithDescription("Learning time of a range of local days (inclusive, at most 366; the last 30 when nothing is said), by day and by source.")
            .Fails("invalid_date_range");
    }
}
