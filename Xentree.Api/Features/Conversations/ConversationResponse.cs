using System.Linq.Expressions;
using NodaTime;
using Xentree.Data.Conversations;

namespace Xentree.Api.Features.Conversations;

/// <summary>A conversation, without its messages.</summary>
public sealed record ConversationResponse : IExample<ConversationResponse>
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The title: as given, else the beginning of the first message (at most 60 characters), else “New conversation”.</summary>
    public required string Title { get; init; }

    /// <summary>The provider that answers where a message names none; <c>auto</c> for the first that is available.</summary>
    public required string Provider { get; init; }

    /// <summary>How many messages it has.</summary>
    public required int MessageCount { get; init; }

    /// <summary>When the last message was stored.</summary>
    public required Instant? LastMessageAt { get; init; }

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required Instant UpdatedAt { get; init; }

    /// <inheritdoc/>
    public static ConversationResponse Example { get; } = new()
    {
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2c01"),
        Title = "A trip to London",
        Provider = "auto",
        MessageCount = 2,
        LastMessageAt = Instant.FromUtc(2026, 3, 1, 9, 5),
        CreatedAt = Instant.FromUtc(2026, 3, 1, 9, 0),
        UpdatedAt = Instant.FromUtc(2026, 3, 1, 9, 5),
    };

    /// <summary>As queries read it.</summary>
    internal static Expression<Func<Conversation, ConversationResponse>> Of { get; } = conversation => new ConversationResponse
    {
        Id = conversation.Id,
        Title = conversation.Title ?? Conversation.Untitled,
        Provider = conversation.Provider,
        MessageCount = conversation.MessageCount,
        LastMessageAt = conversation.LastMessageAt,
        CreatedAt = conversation.CreatedAt,
        UpdatedAt = conversation.UpdatedAt,
    };

    /// <summary>As it is made of a row.</summary>
    internal static Func<Conversation, ConversationResponse> From { get; } = Of.Compile();
}
