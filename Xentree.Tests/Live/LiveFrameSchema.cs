using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Xentree.Tests.Live;

/// <summary>The published description of the frames (AsyncAPI), as a client would check them by it.</summary>
internal static class LiveFrameSchema
{
    private static readonly EvaluationOptions Strict = new() { RequireFormatValidation = true, OutputFormat = OutputFormat.List };
    private static readonly JsonObject Document = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs/asyncapi.json")))!.AsObject();
    private static readonly JsonSchema Sent = Of("ClientFrame");
    private static readonly JsonSchema Received = Of("ServerFrame");

    /// <summary>What is wrong with a frame that a client sends.</summary>
    public static string? MisfitOfSent(JsonElement frame) => Misfit(Sent, frame);

    /// <summary>What is wrong with a frame that a client receives.</summary>
    public static string? MisfitOfReceived(JsonElement frame) => Misfit(Received, frame);

    private static JsonSchema Of(string name) => JsonSchema.FromText(new JsonObject
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["$defs"] = Document["components"]!["schemas"]!.DeepClone(),
        ["$ref"] = $"#/components/schemas/{name}",
    }.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));

    private static string? Misfit(JsonSchema schema, JsonElement frame)
    {
        var result = schema.Evaluate(frame, Strict);
        return result.IsValid ? null : $"{frame} does not fit: {string.Join("; ", (result.Details ?? []).Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation} {e.Value}")))}";
    }
}
