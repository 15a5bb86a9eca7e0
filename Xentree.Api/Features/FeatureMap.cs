using Xentree.Api.Features.Accounts;

namespace Xentree.Api.Features;

/// <summary>Every feature, in the order of the reference.</summary>
internal static class FeatureMap
{
    public static void AddFeatures(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAccounts();
    }

    public static void MapFeatures(this WebApplication app)
    {
        app.MapAccounts();
    }
}
