using System.Text.Json.Nodes;

namespace Xentree.Tests.OpenApi;

/// <summary>The OpenAPI document, as a consumer reads it.</summary>
public sealed class ApiDescription(JsonObject document)
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "options", "head", "trace"];

    public JsonObject Document { get; } = document;

    public JsonObject Components => Document["components"]!.AsObject();

    /// <summary>Every operation, in the order of the document.</summary>
    public IEnumerable<ApiOperation> Operations =>
        from path in Document["paths"]!.AsObject()
        from item in path.Value!.AsObject()
        where Methods.Contains(item.Key)
        select new ApiOperation(this, item.Key.ToUpperInvariant(), path.Key, item.Value!.AsObject());

    public static async Task<ApiDescription> ReadAsync(ApiServer api)
    {
        using var client = api.Anonymous();
        return new(JsonNode.Parse((await client.GetAsync("/openapi/v1.json")).ShouldBe(200).Text)!.AsObject());
    }

    /// <summary>Follows a reference into the components.</summary>
    public JsonObject Resolve(JsonNode node)
    {
        if (node["$ref"]?.GetValue<string>() is not { } reference) return node.AsObject();

        JsonNode found = Document;
        foreach (var part in reference.TrimStart('#', '/').Split('/'))
            found = found[part] ?? throw new InvalidOperationException($"{reference} leads nowhere.");
        return Resolve(found);
    }
}

/// <summary>One operation of the document.</summary>
public sealed record ApiOperation(ApiDescription Api, string Method, string Path, JsonObject Json)
{
    public string Name => $"{Method} {Path}";

    public string Id => Text("operationId")!;

    public string? Summary => Text("summary");

    public string? Tag => Json["tags"]?.AsArray().FirstOrDefault()?.GetValue<string>();

    /// <summary>The way of signing in to what it asks for; empty for a public operation.</summary>
    public IReadOnlyDictionary<string, string[]> Security => (Json["security"]?.AsArray() ?? [])
        .SelectMany(requirement => requirement!.AsObject())
        .ToDictionary(scheme => scheme.Key, scheme => scheme.Value!.AsArray().Select(scope => scope!.GetValue<string>()).ToArray());

    public bool IsPublic => Json["security"] is JsonArray { Count: 0 };

    /// <summary>The scope that a key is asked for; null where none is.</summary>
    public string? Scope => Text("x-required-scope");

    /// <summary>Whether a key will do.</summary>
    public bool TakesKeys => Security.ContainsKey("apiKey");

    public bool IsAdminOnly => Security.GetValueOrDefault("bearerAuth")?.Contains("admin") == true;

    public IEnumerable<JsonObject> Parameters => (Json["parameters"]?.AsArray() ?? []).Select(parameter => Api.Resolve(parameter!));

    public IEnumerable<(int Status, JsonObject Response)> Responses =>
        Json["responses"]!.AsObject().Select(response => (int.Parse(response.Key, System.Globalization.CultureInfo.InvariantCulture), Api.Resolve(response.Value!)));

    /// <summary>The codes of the errors of a status.</summary>
    public IEnumerable<string> Codes(int status) =>
        Responses.Where(response => response.Status == status).SelectMany(response => response.Response["content"]?["application/json"]?["examples"]?.AsObject().Select(e => e.Key) ?? []);

    /// <summary>Whether the request may have a header.</summary>
    public bool Accepts(string header) => Parameters.Any(p => p["in"]!.GetValue<string>() == "header" && p["name"]!.GetValue<string>() == header);

    /// <summary>The bodies that may be sent, by media type.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> RequestContent => Json["requestBody"] is { } body ? Api.Resolve(body)["content"]!.AsObject() : [];

    public override string ToString() => Name;

    private string? Text(string name) => Json[name]?.GetValue<string>();
}
