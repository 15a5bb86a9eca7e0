using System.Reflection;
using Microsoft.Extensions.Configuration;
using Xentree.AppHost.Embedded;

namespace Xentree.AppHost;

/// <summary>Runs a project as it was built with this one.</summary>
internal static class BuiltProject
{
    /// <summary>
    /// Starts the project's assembly itself. The default, <c>dotnet run</c>, evaluates the project again for each start, and stands between the
    /// process and the signals that are to stop it. An IDE or <c>dotnet watch</c> starts projects in its own way and is left to it.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddBuiltProject<TProject>(this IDistributedApplicationBuilder builder, string name, params string[] arguments)
        where TProject : IProjectMetadata, new()
    {
        var project = builder.AddProject<TProject>(name, launchProfileName: null)
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName);
        if (builder.ExecutionContext.IsRunMode) TelemetryEnvironment.Correct(project);
        if (builder.ExecutionContext.IsRunMode && Find(new TProject().ProjectPath) is { } assembly && !IsStartedElsewhere(builder.Configuration))
        {
            project
                .WithAnnotation(new ExecutableAnnotation { Command = Executables.Dotnet, WorkingDirectory = Path.GetDirectoryName(new TProject().ProjectPath)! })
                .WithArgs("exec", assembly);
        }

        return project.WithArgs([.. arguments]);
    }

    private static bool IsStartedElsewhere(ConfigurationManager configuration) =>
        configuration["DEBUG_SESSION_PORT"] is { Length: > 0 } || configuration.GetValue<bool>("DOTNET_WATCH");

    private static string? Find(string project)
    {
        var configuration = typeof(BuiltProject).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var assembly = Path.Combine(
            Path.GetDirectoryName(project)!, "bin", configuration, "net10.0", Path.GetFileNameWithoutExtension(project) + ".dll");
        return File.Exists(assembly) ? assembly : null;
    }
}
