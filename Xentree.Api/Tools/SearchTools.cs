using System.Text.Json;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Search;

namespace Xentree.Api.Tools;

/// <summary>Finds what the caller wrote and was told.</summary>
internal sealed class SearchTools(XentreeDbContext context)
{
    private const int MaxQuery = 500;
    private const int Limit = 10;

    public static Tool Search { get; } = Tool.Of<SearchTools, object>(
        "search",
        "Finds what the learner wrote or was told before: conversations, notes, transcripts and documents, the best match first. All words must occur; quotes make a phrase.",
        "conversations:read",
        """{"type": "object", "properties": {"query": {"type": "string", "description": "What to find.", "minLength": 1, "maxLength": 500}}, "required": ["query"], "additionalProperties": false}""",
        (tools, caller, arguments, cancellation) => tools.SearchAsync(caller, QueryOf(arguments, MaxQuery), cancellation));

    private async Task<object> SearchAsync(Caller caller, string query, CancellationToken cancellation)
    {
        if (query.Length == 0) return new { Results = Array.Empty<object>(), Problem = "The query is empty." };

        var matches = await context.SearchAsync(caller.Owner, query, type: null, Limit, cancellation);
        return new { Results = matches.Select(match => new { Type = match.Type.ToLowerInvariant(), match.Title, Text = Plain(match.Snippet), match.CreatedAt }) };
    }

    private static string Plain(string snippet) => snippet
        .Replace($"{SearchQueries.MatchStart}", "", StringComparison.Ordinal)
        .Replace($"{SearchQueries.MatchEnd}", "", StringComparison.Ordinal)
        .Replace(SearchQueries.LessThan, '<');

    /// <summary>The text to look for. A model makes arguments up: what is no text is no query, and what is too long is cut.</summary>
    internal static string QueryOf(JsonElement arguments, int max)
    {
        if (arguments.ValueKind != JsonValueKind.Object || !arguments.TryGetProperty("query", out var query) || query.ValueKind != JsonValueKind.String) return "";

        var text = query.GetString()!.Replace('\0', ' ').Trim();
        return text.Length <= max ? text : text[..max];
    }
}
