using System.Text.Json;
using System.Text.Json.Nodes;
using Xentree.Api.Http.Errors;
using Xentree.Api.Tools;
using Xentree.Tests.OpenApi;

namespace Xentree.Tests.Access;

/// <summary><c>/mcp</c> and each of its tools in the form of an operation, so that the rules hold them too. The document of the API has none of them.</summary>
internal static class Assistants
{
    private const string Path = "/mcp";

    /// <summary>Connecting, which any session or key may; then a call of each tool, told apart by a fragment that is never sent.</summary>
    public static IEnumerable<ApiOperation> Operations(ApiDescription api) =>
    [
        Operation(api, Path, null, "tools/list", new JsonObject()),
        .. ToolBox.All.Select(tool => Operation(api, $"{Path}#{tool.Name}", tool.Scope, "tools/call", new JsonObject { ["name"] = tool.Name, ["arguments"] = new JsonObject() })),
    ];

    public static bool Has(ApiOperation operation) => operation.Path.StartsWith(Path, StringComparison.Ordinal);

    /// <summary>What came of a message that was let in: a tool refuses in its result.</summary>
    public static Outcome OutcomeOf(string events)
    {
        var answer = JsonElement.Parse(events.Split('\n').Single(line => line.StartsWith("data:", StringComparison.Ordinal))["data:".Length..]);
        if (!answer.TryGetProperty("result", out var result)) return new($"no result: {answer}");
        if (!result.TryGetProperty("isError", out var isError) || !isError.GetBoolean()) return Outcome.LetIn;

        var code = JsonElement.Parse(result.GetProperty("content")[0].GetProperty("text").GetString()!).GetProperty("detail").GetProperty("error").GetString()!;
        return new($"{Failures.ByCode[code].Status} {code}");
    }

    private static ApiOperation Operation(ApiDescription api, string path, string? scope, string method, JsonObject parameters) => new(api, "POST", path, new JsonObject
    {
        ["tags"] = new JsonArray("Assistants"),
        ["security"] = new JsonArray(new JsonObject { ["bearerAuth"] = new JsonArray() }, new JsonObject { ["apiKey"] = new JsonArray() }),
        ["x-required-scope"] = scope,
        ["requestBody"] = new JsonObject
        {
            ["content"] = new JsonObject
            {
                ["application/json"] = new JsonObject { ["example"] = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters } },
            },
        },
    });
}
