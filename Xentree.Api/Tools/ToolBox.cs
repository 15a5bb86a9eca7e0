using Xentree.Ai;
using Xentree.Api.Auth;

namespace Xentree.Api.Tools;

/// <summary>Every tool, and which of them a caller may use: the tutor of a chat has them, and the learner's own assistant at <c>/mcp</c>.</summary>
internal sealed class ToolBox(IServiceProvider services)
{
    /// <summary>Every tool.</summary>
    public static IReadOnlyList<Tool> All { get; } =
    [
        LearnerTools.XpProfile,
        LearnerTools.LearningTime,
        SearchTools.Search,
        KnowledgeTools.Search,
    ];

    /// <summary>The tools of a caller, bound to them: no more than the operations that tell the same would tell.</summary>
    public IReadOnlyList<ChatTool> For(Caller caller) =>
    [
        .. All
            .Where(tool => tool.IsOpenTo(caller))
            .Select(tool => new ChatTool(
                tool.Name, tool.Description, tool.Parameters, (arguments, cancellation) => tool.RunAsync(services, caller, arguments, cancellation))),
    ];
}

internal static class ToolServices
{
    public static void AddTools(this IServiceCollection services)
    {
        services.AddScoped<ToolBox>();
        services.AddScoped<LearnerTools>();
        services.AddScoped<SearchTools>();
        services.AddScoped<KnowledgeTools>();
    }
}
