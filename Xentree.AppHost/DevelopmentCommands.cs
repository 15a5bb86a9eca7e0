
namespace Xentree.AppHost;

/// <summary>Buttons on the API's row of the dashboard that only make sense while developing.</summary>
internal static class DevelopmentCommands
{
    public static void Add(
        IDistributedApplicationBuilder builder,
        Servers servers,
        IResourceBuilder<ParameterResource> encryptionKey,
        IResourceBuilder<ProjectResource> api,
        IResourceBuilder<ProjectResource> worker,
        IResourceBuilder<ProjectResource> migrations)
    {
    }
}
