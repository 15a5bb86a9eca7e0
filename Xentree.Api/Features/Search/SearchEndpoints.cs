using Xentree.Api.Auth;
using Xentree.Api.Http.Paging;

namespace Xentree.Api.Features.Search;

internal static class SearchEndpoints
{
    public static void MapSearch(this WebApplication app)
    {
        var search = app.MapGroup("/api/core/search").WithTags("Conversations");

        search.MapGet("", SearchContent.HandleAsync)
            .RequireScope("conversations:read")
            .WithMetadata(new QueryParameter("limit", "How many hits at the most.", 1, PageRequest.MaxLimit, SearchContent.DefaultLimit))
            .WithName("search")
            .WithSummary("Search indexed user content")
            .WithDescription(
                """
                Finds what you wrote and what was said to you, the best match first; what is written is found at once. All words must occur, in any
                form that they take in the language of your profile. Words that are near those typed are found too: the beginning of a longer word,
                and one with a slip of the keys. Quotes, `or` and `-` ask for exactly what they say, and then nothing near is found.

                A conversation is found once, by the message that matches best or by its title. Of equal matches the newest comes first. Where a word is in more
                than 300 texts, not all of them are ranked, but the newest are. An API key finds what was written through keys of its organization and what is shared with that.
                """);

        search.MapGet("/status", GetSearchStatus.HandleAsync)
            .RequireAdmin()
            .WithName("getSearchStatus")
            .WithSummary("Get the state of the search index")
            .WithDescription("How many texts are indexed, how many are not and for how long, and how far the rebuild is.");

        search.MapPost("/reindex", StartReindex.HandleAsync)
            .RequireAdmin()
            .WithName("reindexSearch")
            .WithSummary("Rebuild the search index")
            .WithDescription(
                """
                Indexes every text again, in the language that its user has now. It runs in the background and search goes on meanwhile; the status shows
                its progress. While one is under way, asking again returns it.
                """);
    }
}
