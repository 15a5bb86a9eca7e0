using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Xentree.Tests.OpenApi;

/// <summary>Holds the OpenAPI document to the contract. A new operation is in it by itself; what it forgets to say, these tests name.</summary>
public sealed class OpenApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    private static readonly EvaluationOptions Strict = new() { RequireFormatValidation = true, OutputFormat = OutputFormat.List };

    [Fact]
    public async Task The_document_in_git_is_the_one_that_is_served() => await Published.ShouldSayAsync("docs/openapi.json", (await ReadTextAsync())!);

    [Fact]
    public async Task The_document_is_the_same_on_every_replica()
    {
        using var other = new ApiClient(await api.StartReplicaAsync());

        Assert.Equal(await ReadTextAsync(), (await other.GetAsync("/openapi/v1.json")).Text);
    }

    [Fact]
    public async Task It_is_OpenAPI_3_1_and_says_what_it_is()
    {
        var document = (await ApiDescription.ReadAsync(api)).Document;

        Assert.StartsWith("3.1", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotEmpty(document["info"]!["description"]!.GetValue<string>());
        Assert.NotEmpty(document["info"]!["license"]!["name"]!.GetValue<string>());
        Assert.Equal("/", document["servers"]![0]!["url"]!.GetValue<string>());
        Assert.Equal("http", document["components"]!["securitySchemes"]!["bearerAuth"]!["type"]!.GetValue<string>());
        Assert.Equal("X-API-Key", document["components"]!["securitySchemes"]!["apiKey"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Every_operation_says_all_that_the_contract_asks()
    {
        var description = await ApiDescription.ReadAsync(api);
        var tags = description.Document["tags"]!.AsArray().ToDictionary(tag => tag!["name"]!.GetValue<string>(), tag => tag!["description"]?.GetValue<string>());
        var problems = description.Operations.SelectMany(operation => Problems(operation, tags).Select(problem => $"{operation.Name}: {problem}"))
            .Concat(description.Operations.GroupBy(operation => operation.Id).Where(same => same.Count() > 1).Select(same => $"operationId {same.Key} is given {same.Count()} times"));

        problems.ShouldBeNone();
    }

    [Fact]
    public async Task Every_schema_says_what_it_is()
    {
        var description = await ApiDescription.ReadAsync(api);

        description.Components["schemas"]!.AsObject().SelectMany(schema => Undescribed(schema.Value!, schema.Key)).ShouldBeNone();
    }

    [Fact]
    public async Task Every_example_fits_its_schema()
    {
        var description = await ApiDescription.ReadAsync(api);

        description.Operations.SelectMany(operation => Misfits(description, operation).Select(problem => $"{operation.Name}: {problem}")).ShouldBeNone();
    }

    [Fact]
    public async Task What_does_not_fit_a_schema_is_noticed()
    {
        var description = await ApiDescription.ReadAsync(api);

        Assert.NotEmpty(Misfits(description, "Error", """{"detail":{"error":"not_found","message":"There is nothing here."}}"""));
        Assert.NotEmpty(Misfits(description, "TokenResponse", """{"access_token":null,"token_type":"bearer","refresh_token":"x","expires_in":900}"""));
    }

    [Fact]
    public async Task What_the_API_answers_fits_the_schema_that_it_publishes()
    {
        var description = await ApiDescription.ReadAsync(api);
        using var user = await api.SignInAsync();

        Assert.Empty(Misfits(description, "UserProfile", (await user.GetAsync("/api/auth/me")).Text));
        Assert.Empty(Misfits(description, "SignInSessionResponse", (await user.GetAsync("/api/auth/sessions")).Json[0].GetRawText()));
        Assert.Empty(Misfits(description, "Error", (await user.GetAsync("/api/nothing")).Text));
        Assert.Empty(Misfits(description, "Error", (await user.PatchAsync("/api/auth/me", new { timezone = "nowhere" })).Text));
        Assert.Empty(Misfits(description, "HealthReport", (await user.GetAsync("/health")).Text));
    }

    [Fact]
    public async Task Core_operations_have_the_titles_of_the_contract()
    {
        var operations = (await ApiDescription.ReadAsync(api)).Operations.ToDictionary(operation => operation.Name);

        CoreOperations.Titles
            .Where(core => operations.TryGetValue(core.Key, out var operation) && operation.Summary != core.Value)
            .Select(core => $"{core.Key} is called “{operations[core.Key].Summary}”, not “{core.Value}”")
            .ShouldBeNone();
    }

    private static IEnumerable<string> Problems(ApiOperation operation, Dictionary<string, string?> tags)
    {
        foreach (var member in (string[])["operationId", "summary", "description"])
        {
            if (string.IsNullOrWhiteSpace(operation.Json[member]?.GetValue<string>())) yield return $"has no {member}";
        }

        if (operation.Tag is null || string.IsNullOrEmpty(tags.GetValueOrDefault(operation.Tag))) yield return $"its tag {operation.Tag} has no description";
        if (operation.Json["security"] is not JsonArray) yield return "does not say who may call it";
        if (operation.Summary?.EndsWith('.') == true) yield return "its summary is a title and ends without a full stop";

        foreach (var parameter in operation.Parameters)
        {
            var name = parameter["name"]!.GetValue<string>();
            if (string.IsNullOrEmpty(parameter["description"]?.GetValue<string>())) yield return $"its parameter {name} has no description";
            if (parameter["schema"]?["type"] is null && parameter["schema"]?["$ref"] is null) yield return $"its parameter {name} has no type";
            if (parameter["in"]!.GetValue<string>() == "path" && name.EndsWith("_id", StringComparison.Ordinal) && parameter["schema"]?["format"]?.GetValue<string>() != "uuid")
                yield return $"its parameter {name} is not declared as a UUID: write {{name:uuid}} in the route and Guid in the handler";
        }

        foreach (var (media, body) in operation.RequestContent)
        {
            if (body!["schema"] is null) yield return $"its {media} body has no schema";
            if (body["example"] is null && media != "multipart/form-data") yield return $"its {media} body has no example: implement IExample on its type";
        }

        var statuses = operation.Responses.Select(response => response.Status).ToList();
        if (!statuses.Any(status => status is >= 101 and < 400)) yield return "has no successful answer";
        foreach (var status in Expected(operation).Except(statuses)) yield return $"does not describe {status}";
        foreach (var (status, response) in operation.Responses)
        {
            foreach (var header in (string[])["X-Request-Id", "RateLimit", "RateLimit-Policy"])
            {
                if (response["headers"]?[header] is null) yield return $"{status} does not describe {header}";
            }

            if (status is 429 && response["headers"]?["Retry-After"] is null) yield return "429 does not describe Retry-After";
            if (string.IsNullOrEmpty(response["description"]?.GetValue<string>())) yield return $"{status} has no description";
            foreach (var (media, body) in response["content"]?.AsObject() ?? [])
            {
                if (media != "application/json") continue;
                if (body!["schema"] is null) yield return $"{status} has no schema";
                if (body["example"] is null && body["examples"] is null) yield return $"{status} has no example: implement IExample on its type";
                if (status >= 400 && operation.Tag != "Health" && body["schema"]?["$ref"]?.GetValue<string>() != "#/components/schemas/Error") yield return $"{status} is not an Error";
            }
        }
    }

    private static IEnumerable<int> Expected(ApiOperation operation)
    {
        if (operation.Tag == "Health") return [200, 503];

        int[] always = [400, 429, 500, 503];
        return [.. always,
            .. operation.IsPublic ? [] : new[] { 401, 403 },
            .. operation.RequestContent.Any() ? new[] { 413, 415 } : [],
            .. operation.Accepts("Idempotency-Key") ? new[] { 409 } : [],
            .. operation.Accepts("If-None-Match") ? new[] { 304 } : [],
            .. operation.Path.Contains('{', StringComparison.Ordinal) ? new[] { 404 } : []];
    }

    private static IEnumerable<string> Undescribed(JsonNode schema, string name)
    {
        if (schema is not JsonObject json) yield break;
        if (json["enum"] is null && json["type"] is null && json["$ref"] is null && json["oneOf"] is null && json["anyOf"] is null && json["description"] is null)
            yield return $"{name} is anything at all: say what it is with a <summary> and a type";
        if (json["type"] is JsonValue type && type.GetValue<string>() == "array" && json["items"] is null) yield return $"{name} does not say what it is a list of";
        foreach (var (member, value) in json["properties"]?.AsObject() ?? [])
        {
            if (value!["description"] is null) yield return $"{name}.{member} has no description: write its <summary>";
            foreach (var problem in Undescribed(value, $"{name}.{member}")) yield return problem;
        }
    }

    private static IEnumerable<string> Misfits(ApiDescription description, ApiOperation operation)
    {
        foreach (var (media, body) in operation.RequestContent)
        {
            if (body!["example"] is { } example)
            {
                foreach (var problem in Misfits(description, body["schema"]!, example)) yield return $"the example of its {media} body: {problem}";
            }
        }

        foreach (var (status, response) in operation.Responses)
        {
            foreach (var (_, body) in response["content"]?.AsObject() ?? [])
            {
                foreach (var example in Examples(description, body!))
                {
                    foreach (var problem in Misfits(description, body!["schema"]!, example)) yield return $"an example of {status}: {problem}";
                }
            }
        }
    }

    private static IEnumerable<JsonNode> Examples(ApiDescription description, JsonNode body) =>
        (body["examples"]?.AsObject().Select(named => description.Resolve(named.Value!)["value"]!) ?? [])
        .Concat(body["example"] is { } example ? [example] : []);

    private static IEnumerable<string> Misfits(ApiDescription description, string schema, string json) =>
        Misfits(description, JsonNode.Parse($$"""{"$ref":"#/components/schemas/{{schema}}"}""")!, JsonNode.Parse(json)!);

    private static IEnumerable<string> Misfits(ApiDescription description, JsonNode schema, JsonNode example)
    {
        var whole = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$defs"] = description.Components["schemas"]!.DeepClone(),
            ["allOf"] = new JsonArray(schema.DeepClone()),
        };
        var parsed = JsonSchema.FromText(whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
        var result = parsed.Evaluate(JsonSerializer.SerializeToElement(example), Strict);
        return result.IsValid ? [] : (result.Details ?? []).Where(detail => detail.Errors is not null).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation} {error.Value}"));
    }

    private async Task<string> ReadTextAsync()
    {
        using var client = api.Anonymous();
        return (await client.GetAsync("/openapi/v1.json")).ShouldBe(200).Text;
    }
}
