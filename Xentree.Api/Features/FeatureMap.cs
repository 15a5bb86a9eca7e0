using Xentree.Api.Features.Accounts;
using Xentree.Api.Features.ApiKeys;
using Xentree.Api.Features.Organizations;

namespace Xentree.Api.Features;

/// <summary>Every feature, in the order of the reference.</summary>
internal static class FeatureMap
{
    public static void AddFeatures(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAccounts();
        services.AddOrganizations();
        services.AddApiKeys();
    }

    public static void MapFeatures(this WebApplication app)
    {
        app.MapAccounts();
        app.MapOrganizations();
        app.MapApiKeys();
    }
}
