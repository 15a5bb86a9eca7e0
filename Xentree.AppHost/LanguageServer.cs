using Microsoft.Extensions.Configuration;
using Xentree.AppHost.Embedded;
using Xentree.ServiceDefaults;

namespace Xentree.AppHost;

/// <summary>What the local tutor knows of English beyond its own rules. Nobody waits for it: without it, the tutor's own rules are left.</summary>
internal static class LanguageServer
{
    /// <summary>Adds the server that is given, else a local process; null where there is no Node to run one.</summary>
    public static async Task<IResourceBuilder<IResourceWithConnectionString>?> AddAsync(
        IDistributedApplicationBuilder builder, string instance, StateFolder state)
    {
        if (builder.ExecutionContext.IsPublishMode || builder.Configuration.GetConnectionString(ResourceNames.Language) is { Length: > 0 })
            return builder.AddConnectionString(ResourceNames.Language);

        try
        {
            var packages = await EmbeddedPackages.EnsureAsync(state, Console.WriteLine, CancellationToken.None);
            var server = new EmbeddedLanguage(packages, Path.Combine(instance, ResourceNames.Language));
            await server.PrepareAsync(CancellationToken.None);
            return builder.AddEmbeddedServer(ResourceNames.Language, server).StartedAgainWhenItDies();
        }
        catch (SetupException fault)
        {
            Console.WriteLine($"The local tutor does without grammar checker and dictionary: {fault.Message}");
            return null;
        }
    }
}
