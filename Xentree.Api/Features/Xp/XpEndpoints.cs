using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Features.Xp.Card;
using Xentree.Api.Http.Export;
using Xentree.Api.Http.Paging;

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

        xp.MapGet("/public-profile/{username}/card.svg", GetProfileCard.HandleAsync)
            .AllowAnonymous()
            .WithMetadata(CardThemes.Parameter)
            .WithName("getProfileCard")
            .WithSummary("Get a user's public profile card")
            .WithDescription(
                """
                A picture of the public profile, 820 by 290, to embed in any page: `<img src="…/card.svg" alt="…">`. It shows the level, the streaks and
                the year's heatmap, holds neither script nor outside address, and follows the reader's light or dark mode unless `theme` names one.
                Who set `profile_visibility` to `private` is not found.
                """)
            .Fails("not_found");

        xp.MapGet("/events", ListXPEvents.HandleAsync)
            .RequireScope(Scope)
            .WithName("listXpEvents")
            .WithSummary("List my XP events")
            .WithDescription("The ledger: every award of XP, newest first, in the order in which they were recorded. A row never changes and never goes, and the sum of all is `total_xp`.");

        xp.MapGet("/leaderboard", GetLeaderboard.HandleAsync)
            .RequireScope(Scope)
            .WithMetadata(new QueryParameter("limit", "How many places at the most.", 1, PageRequest.MaxLimit, GetLeaderboard.DefaultLimit))
            .WithName("getLeaderboard")
            .WithSummary("Get this week's leaderboard of an organization")
            .WithDescription(
                """
                The members of an organization by their XP of this week. The week is the caller's, Sunday to Saturday in the caller's zone, and its seven
                dates are the same for every member: each day counts with the XP of that local date in the zone in which the member lived it, so nobody
                has more or fewer days than another. Equal XP shares a place. Members without XP stand last.

                Sandbox users and members whose `profile_visibility` is `private` take no part: nobody sees them there and they move nobody's place. They
                see the ranking all the same, and in `me` their own XP without a rank. An organization that the caller is no member of is not found.

                With `week_start` the ranking of an earlier week. Within 15 minutes of the last participant's midnight a week is closed: its ranking
                (of who had XP) is final, `is_closed` is true, and what an offline client hands in later counts as XP but changes no place.
                """)
            .Fails("not_found", "invalid_date_range");

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
