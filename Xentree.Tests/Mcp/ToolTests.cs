using System.Text.Json;
using Xentree.Api.Tools;
using Xentree.Domain.ApiKeys;
using Xentree.Tests.OpenApi;

namespace Xentree.Tests.Mcp;

/// <summary>What every tool must be. A new one that is not is named here.</summary>
public sealed class ToolTests(ApiServer api) : IClassFixture<ApiServer>
{
    /// <summary>The operations that tell what a tool tells. A tool can do no more than they.</summary>
    private static readonly Dictionary<string, string[]> TellTheSame = new()
    {
        ["xp_profile"] = ["getXpProfile", "getStreakStatus", "getQuests"],
        ["learning_time"] = ["getLearningTime"],
        ["search"] = ["search"],
        ["knowledge_search"] = ["searchKnowledge"],
    };

    [Fact]
    public async Task A_tool_asks_for_the_scope_of_the_operations_that_tell_the_same()
    {
        var operations = (await ApiDescription.ReadAsync(api)).Operations.ToDictionary(operation => operation.Id);

        Assert.All(ToolBox.All, tool =>
        {
            Assert.Contains(tool.Name, TellTheSame.Keys);
            Assert.All(TellTheSame[tool.Name], id => Assert.Equal(tool.Scope, operations[id].Scope));
        });
    }

    [Fact]
    public void A_tool_only_reads_and_has_a_name_of_its_own()
    {
        Assert.Equal(ToolBox.All.Count, ToolBox.All.Select(tool => tool.Name).Distinct().Count());
        Assert.All(ToolBox.All, tool =>
        {
            Assert.Matches("^[a-z0-9_]{1,64}$", tool.Name);
            Assert.True(Scope.IsKnown(tool.Scope));
            Assert.EndsWith(":read", tool.Scope, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_schema_says_only_what_is_held()
    {
        Assert.All(ToolBox.All, tool => Hold(tool.Parameters));

        static void Hold(JsonElement schema)
        {
            Assert.Empty(schema.EnumerateObject().Select(keyword => keyword.Name).Except(ToolArguments.Keywords));
            Assert.Contains(schema.GetProperty("type").GetString(), (string[])["object", "array", "string", "integer", "boolean"]);
            if (schema.GetProperty("type").GetString() == "object") Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
            if (schema.GetProperty("type").GetString() == "string") Assert.True(schema.TryGetProperty("maxLength", out _) || schema.TryGetProperty("enum", out _) || schema.TryGetProperty("format", out _));
            if (schema.GetProperty("type").GetString() == "array") Assert.True(schema.TryGetProperty("maxItems", out _));
            if (schema.TryGetProperty("items", out var items)) Hold(items);
            if (schema.TryGetProperty("properties", out var members)) foreach (var member in members.EnumerateObject()) Hold(member.Value);
        }
    }

    [Theory]
    [InlineData("""{"q": "past"}""", null)]
    [InlineData("""{"q": "past", "type": null, "ids": null}""", null)]
    [InlineData("""{"q": "past", "type": "note", "limit": 50, "exact": true, "ids": ["01981f6e-8f00-7c3a-9a51-3f6f1c0d2bff"]}""", null)]
    [InlineData("""[]""", "arguments: must be an object")]
    [InlineData("""{}""", "q: is required")]
    [InlineData("""{"q": null}""", "q: must be text")]
    [InlineData("""{"q": ""}""", "q: must have 1 to 5 characters")]
    [InlineData("""{"q": "tenses"}""", "q: must have 1 to 5 characters")]
    [InlineData("""{"q": "a\u0000b"}""", "q: must not hold a NUL character")]
    [InlineData("""{"q": "a\ud83db"}""", "q: must not hold half of a surrogate pair")]
    [InlineData("""{"q": "past", "type": "key"}""", "type: must be one of note, document")]
    [InlineData("""{"q": "past", "limit": 0}""", "limit: must be at least 1")]
    [InlineData("""{"q": "past", "limit": "3"}""", "limit: must be a whole number")]
    [InlineData("""{"q": "past", "exact": 1}""", "exact: must be true or false")]
    [InlineData("""{"q": "past", "ids": "all"}""", "ids: must be an array")]
    [InlineData("""{"q": "past", "ids": ["01981f6e-8f00-7c3a-9a51-3f6f1c0d2bff", 1, "x"]}""", "ids: must hold at most 2 items")]
    [InlineData("""{"q": "past", "ids": [1, "x"]}""", "ids[0]: must be text, ids[1]: must be a UUID")]
    [InlineData("""{"q": "past", "near": {"at": 1}}""", "near.at: must be text")]
    [InlineData("""{"q": "past", "owner": "me"}""", "arguments: may only hold q, type, limit, exact, ids, near")]
    public void Arguments_are_held_against_the_schema(string arguments, string? problems)
    {
        var schema = JsonElement.Parse(
            """
            {
              "type": "object",
              "properties": {
                "q": {"type": "string", "minLength": 1, "maxLength": 5},
                "type": {"type": "string", "enum": ["note", "document"]},
                "limit": {"type": "integer", "minimum": 1},
                "exact": {"type": "boolean"},
                "ids": {"type": "array", "maxItems": 2, "items": {"type": "string", "format": "uuid"}},
                "near": {"type": "object", "properties": {"at": {"type": "string", "maxLength": 5}}}
              },
              "required": ["q"],
              "additionalProperties": false
            }
            """);

        var found = ToolArguments.Problems(schema, JsonElement.Parse(arguments)).Select(problem => $"{problem.Key}: {problem.Value.Single()}");

        Assert.Equal(problems ?? "", string.Join(", ", found));
    }
}
