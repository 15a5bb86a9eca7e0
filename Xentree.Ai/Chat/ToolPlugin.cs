using System.Text.Json;
using Microsoft.SemanticKernel;

namespace Xentree.Ai;

/// <summary>Tools as a plugin of the kernel.</summary>
internal static class ToolPlugin
{
    private const string Name = "xentree";

    public static KernelPlugin Of(IEnumerable<ChatTool> tools) => KernelPluginFactory.CreateFromFunctions(Name, tools.Select(Function));

    // Run as a tool of a chat client, a function passes the kernel's filters by; so what the tool calls is an invocation of the kernel.
    private static KernelFunction Function(ChatTool tool)
    {
        var run = KernelFunctionFactory.CreateFromMethod(
            (KernelArguments arguments, CancellationToken cancellation) => tool.RunAsync(JsonSerializer.SerializeToElement(arguments.ToDictionary()), cancellation), tool.Name);
        return KernelFunctionFactory.CreateFromMethod(
            (Kernel kernel, KernelArguments arguments, CancellationToken cancellation) => kernel.InvokeAsync<string>(run, arguments, cancellation),
            new KernelFunctionFromMethodOptions { FunctionName = tool.Name, Description = tool.Description, Parameters = Parameters(tool.Parameters) });
    }

    private static IEnumerable<KernelParameterMetadata> Parameters(JsonElement schema)
    {
        if (!schema.TryGetProperty("properties", out var properties)) return [];

        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        return properties.EnumerateObject().Select(parameter => new KernelParameterMetadata(parameter.Name)
        {
            Description = parameter.Value.TryGetProperty("description", out var description) ? description.GetString() ?? "" : "",
            IsRequired = required.Contains(parameter.Name),
            Schema = KernelJsonSchema.Parse(parameter.Value.GetRawText()),
        });
    }
}
