using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Xentree.Api.Auth;
using Xentree.Api.Tools;

namespace Xentree.Api.Features.Mcp;

/// <summary>
/// The tools as the protocol has them, for the caller of one request. What goes wrong in a tool is its result, in the form of every other
/// error, so that a model can read it and mend its call; only a tool that there is none of is an error of the protocol.
/// </summary>
internal sealed class McpTools(HttpContext context, Caller caller)
{
    private static readonly ToolAnnotations OnlyLooks = new() { ReadOnlyHint = true, IdempotentHint = true, OpenWorldHint = false };

    /// <summary>The tools that the caller may use.</summary>
    public ListToolsResult List() => new()
    {
        Tools = [.. ToolBox.All
            .Where(tool => tool.IsOpenTo(caller))
            .Select(tool => new ModelContextProtocol.Protocol.Tool { Name = tool.Name, Description = tool.Description, InputSchema = tool.Parameters, Annotations = OnlyLooks })],
        CacheScope = CacheScope.Private,
    };

    /// <summary>Calls one, with the services of the request.</summary>
    public async ValueTask<CallToolResult> CallAsync(CallToolRequestParams? call, CancellationToken cancellation)
    {
        var tool = ToolBox.All.FirstOrDefault(tool => tool.Name == call?.Name) ?? throw new McpProtocolException("There is no tool of this name.", McpErrorCode.InvalidParams);
        if (!tool.IsOpenTo(caller)) return Failed(Failures.InsufficientScope(tool.Scope, caller.Key!.Scopes));

        var arguments = JsonSerializer.SerializeToElement(call?.Arguments ?? new Dictionary<string, JsonElement>());
        if (ToolArguments.Problems(tool.Parameters, arguments) is { Count: > 0 } problems) return Failed(Failures.Validation(problems));

        try
        {
            return new() { Content = [new TextContentBlock { Text = await tool.RunAsync(context.RequestServices, caller, arguments, cancellation) }] };
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            return Failed(Faults.Handle(exception, context));
        }
    }

    private CallToolResult Failed(Failure failure) => new()
    {
        IsError = true,
        Content = [new TextContentBlock { Text = JsonSerializer.Serialize(failure.ToError(context), ApiJson.Options) }],
    };
}
