using System.Globalization;
using System.Text.Json;

namespace Xentree.Api.Tools;

/// <summary>
/// Holds the arguments of a call against the schema of its tool: the part of JSON Schema that <see cref="Keywords"/> names. A member that
/// is null and need not be there is passed over, as models write them.
/// </summary>
internal static class ToolArguments
{
    /// <summary>What a tool's schema may say, because it is held here.</summary>
    public static IReadOnlySet<string> Keywords { get; } = new HashSet<string>
    {
        "type", "description", "properties", "required", "additionalProperties", "enum", "minimum", "maximum", "minLength", "maxLength", "items", "minItems", "maxItems", "format",
    };

    /// <summary>What is wrong with which argument; empty when nothing is.</summary>
    public static IReadOnlyDictionary<string, string[]> Problems(JsonElement schema, JsonElement arguments)
    {
        var problems = new Dictionary<string, string[]>();
        Check(schema, arguments, "", problems);
        return problems;
    }

    private static void Check(JsonElement schema, JsonElement value, string path, Dictionary<string, string[]> problems)
    {
        var problem = schema.GetProperty("type").GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object ? CheckMembers(schema, value, path, problems) : "must be an object",
            "array" => value.ValueKind == JsonValueKind.Array ? CheckItems(schema, value, path, problems) : "must be an array",
            "string" => value.ValueKind == JsonValueKind.String ? OfText(schema, value) : "must be text",
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? OfNumber(schema, number) : "must be a whole number",
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be true or false",
            var type => throw new InvalidOperationException($"A tool's schema has the type {type}."),
        };
        if (problem is not null) problems[path.Length == 0 ? "arguments" : path] = [problem];
    }

    private static string? CheckMembers(JsonElement schema, JsonElement value, string path, Dictionary<string, string[]> problems)
    {
        var prefix = path.Length == 0 ? "" : path + ".";
        var members = schema.GetProperty("properties");
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).ToList() : [];
        foreach (var name in required.Where(name => !value.TryGetProperty(name, out _))) problems[prefix + name] = ["is required"];
        foreach (var member in value.EnumerateObject())
        {
            if (members.TryGetProperty(member.Name, out var inner))
            {
                if (member.Value.ValueKind != JsonValueKind.Null || required.Contains(member.Name)) Check(inner, member.Value, prefix + member.Name, problems);
            }
            else if (schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.False)
            {
                return $"may only hold {(members.EnumerateObject().Any() ? string.Join(", ", members.EnumerateObject().Select(known => known.Name)) : "nothing")}";
            }
        }

        return null;
    }

    private static string? CheckItems(JsonElement schema, JsonElement value, string path, Dictionary<string, string[]> problems)
    {
        if (OutOf(schema, "minItems", "maxItems", value.GetArrayLength()) is { } bounds) return $"must hold {bounds} items";

        foreach (var (index, item) in value.EnumerateArray().Index()) Check(schema.GetProperty("items"), item, $"{path}[{index}]", problems);
        return null;
    }

    private static string? OfText(JsonElement schema, JsonElement value)
    {
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "must not hold half of a surrogate pair";
        }

        if (text.Contains('\0', StringComparison.Ordinal)) return "must not hold a NUL character";
        if (OutOf(schema, "minLength", "maxLength", text.Length) is { } bounds) return $"must have {bounds} characters";
        if (schema.TryGetProperty("enum", out var values) && values.EnumerateArray().All(known => known.GetString() != text))
            return $"must be one of {string.Join(", ", values.EnumerateArray().Select(known => known.GetString()))}";

        return schema.TryGetProperty("format", out var format) && format.GetString() == "uuid" && !Guid.TryParseExact(text, "D", out _) ? "must be a UUID" : null;
    }

    private static string? OfNumber(JsonElement schema, long number) => OutOf(schema, "minimum", "maximum", number) is { } bounds ? $"must be {bounds}" : null;

    // «1 to 90», «at least 1» or «at most 90», when the number is not that.
    private static string? OutOf(JsonElement schema, string least, string most, long number)
    {
        var (min, max) = (Bound(least), Bound(most));
        return !(number < min) && !(number > max) ? null
            : (min, max) is ({ } from, { } to) ? string.Create(CultureInfo.InvariantCulture, $"{from} to {to}")
            : string.Create(CultureInfo.InvariantCulture, $"{(min is null ? "at most" : "at least")} {min ?? max}");

        long? Bound(string name) => schema.TryGetProperty(name, out var bound) ? bound.GetInt64() : null;
    }
}
