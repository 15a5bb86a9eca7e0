using Xentree.Api.Features.Accounts;
using Xentree.Api.Features.ApiKeys;
using Xentree.Api.Features.Conversations;
using Xentree.Api.Features.Knowledge;
using Xentree.Api.Features.Live;
using Xentree.Api.Features.Mcp;
using Xentree.Api.Features.Notes;
using Xentree.Api.Features.Organizations;
using Xentree.Api.Features.Quests;
using Xentree.Api.Features.Search;
using Xentree.Api.Features.Streaks;
using Xentree.Api.Features.Xp;

namespace Xentree.Api.Features;

/// <summary>Every feature, in the order of the reference.</summary>
internal static class FeatureMap
{
    public static void AddFeatures(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAccounts();
        services.AddOrganizations();
        services.AddApiKeys();
        services.AddConversations();
        services.AddNotes();
        services.AddKnowledgeBase();
        services.AddXp();
        services.AddStreaks();
        services.AddQuests();
        services.AddMcp();
        services.AddLive();
    }

    public static void MapFeatures(this WebApplication app)
    {
        app.MapAccounts();
        app.MapUsers();
        app.MapConversations();
        app.MapNotes();
        app.MapSearch();
        app.MapKnowledgeBase();
        app.MapOrganizations();
        app.MapXp();
        app.MapStreaks();
        app.MapOutages();
        app.MapQuests();
        app.MapLive();
        app.MapApiKeys();
        app.MapAssistants();
    }
}
