using System.Net;
using NodaTime;
using Xentree.Data.Conversations;
using Xentree.Data.Search;

namespace Xentree.Api.Features.Search;

/// <summary>Something that was found. A conversation is found once, by the message that matches best or by its title.</summary>
public sealed record SearchHit : IExample<SearchHit>
{
    /// <summary>What it is.</summary>
    public required SearchType Type { get; init; }

    /// <summary>
    /// The id of the note, transcript or document. For a conversation, the id of the message that matches best, so that a client can show it,
    /// and the conversation's own where only its title matches.
    /// </summary>
    public required Guid Id { get; init; }

    /// <summary>The conversation; null for what is none.</summary>
    public required Guid? ConversationId { get; init; }

    /// <summary>The title, as plain text.</summary>
    public required string Title { get; init; }

    /// <summary>
    /// Passages of the text as safe HTML: what matches stands between <c>&lt;mark&gt;</c> and <c>&lt;/mark&gt;</c>, there is no other tag, and
    /// everything else is escaped, tags that the text itself holds included. Passages are divided by “…”. Empty where only a conversation's title matches.
    /// </summary>
    public required string Snippet { get; init; }

    /// <summary>How well it matches, to be compared within one answer only.</summary>
    public required double Score { get; init; }

    /// <summary>When the message was stored, or the thing was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <inheritdoc/>
    public static SearchHit Example { get; } = new()
    {
        Type = SearchType.Conversation,
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2d01"),
        ConversationId = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2c01"),
        Title = "A trip to London",
        Snippet = "I need some informations about <mark>London</mark>.",
        Score = 0.0246,
        CreatedAt = Instant.FromUtc(2026, 3, 1, 9, 5),
    };

    internal static SearchHit Of(SearchMatch match)
    {
        var type = Enum.Parse<SearchType>(match.Type);
        return new()
        {
            Type = type,
            Id = type == SearchType.Conversation ? match.EntryId : match.ItemId,
            ConversationId = type == SearchType.Conversation ? match.ItemId : null,
            Title = match.Title ?? Conversation.Untitled,
            Snippet = Marked(match.Snippet),
            Score = match.Score,
            CreatedAt = match.CreatedAt,
        };
    }

    // Escaped first: what marks a match cannot stand in the text, and is the only thing that becomes a tag.
    private static string Marked(string snippet) => WebUtility.HtmlEncode(snippet)
        .Replace($"{SearchQueries.LessThan}", "&lt;", StringComparison.Ordinal)
        .Replace($"{SearchQueries.MatchStart}", "<mark>", StringComparison.Ordinal)
        .Replace($"{SearchQueries.MatchEnd}", "</mark>", StringComparison.Ordinal);
}
