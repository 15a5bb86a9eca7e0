using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Xentree.Api.Auth;
using Xentree.Api.Http.Paging;
using Xentree.Data;
using Xentree.Data.Search;

namespace Xentree.Api.Features.Search;

internal static class SearchContent
{
    public const int DefaultLimit = 20;

    private const int MaxQuery = 500;

    private static readonly Dictionary<string, SearchType> Types = Enum.GetValues<SearchType>().ToDictionary(type => type.ToString().ToLowerInvariant());

    public static async Task<Results<Ok<List<SearchHit>>, Failure>> HandleAsync(
        HttpRequest request,
        Caller caller,
        XentreeDbContext context,
        CancellationToken cancellation,
        [Description("What to find, 1 to 500 characters. As in a web search, `\"…\"` is a phrase, `or` a choice, and `-` excludes a word.")] string? q = null,
        [Description("What to find only: `conversation`, `note`, `transcript` or `document`; everything when absent.")] string? type = null)
    {
        if (string.IsNullOrWhiteSpace(q) || q.Length > MaxQuery) return Failures.Validation("q", $"must have 1 to {MaxQuery} characters");
        if (q.Contains('\0', StringComparison.Ordinal)) return Failures.Validation("q", "must not hold a NUL character");
        if (type is not null && !Types.ContainsKey(type)) return Failures.Validation("type", $"must be one of {string.Join(", ", Types.Keys)}");

        var limit = PageRequest.ReadLimit(request.Query, DefaultLimit, PageRequest.MaxLimit);
        var matches = await context.SearchAsync(caller.Owner, q, type is null ? null : Types[type], limit, cancellation);
        return TypedResults.Ok(matches.ConvertAll(SearchHit.Of));
    }
}
