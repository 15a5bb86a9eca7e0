using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.Export;

namespace Xentree.Api.Features.Quests;

internal static class QuestEndpoints
{
    public static void AddQuests(this IServiceCollection services) =>
        services.AddExportPart("quests", (context, userId) => context.DailyQuests.AsNoTracking().Where(row => row.UserId == userId), row => row.Id);

    public static void MapQuests(this WebApplication app) =>
        app.MapGet("/api/xp/quests", GetQuests.HandleAsync)
            .WithTags("Profile & Analytics")
            .RequireScope("conversations:read")
            .WithName("getQuests")
            .WithSummary("Get daily quests")
            .WithDescription("The quests of the learner's present day. They are drawn once, at the first read or the first event of the day; completing one earns a booster and 5 tokens.");
}
