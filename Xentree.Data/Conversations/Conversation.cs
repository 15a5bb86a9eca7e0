using NodaTime;
using Xentree.Domain.Conversations;

namespace Xentree.Data.Conversations;

/// <summary>A talk of a learner with the tutor.</summary>
public sealed class Conversation
{
    /// <summary>What a conversation without a title is called.</summary>
    public const string Untitled = "New conversation";

    /// <summary>The id, by the real clock: the order of the list.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The organization whose key created it; null when the user did.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>The title; null until one is given or the first message makes one.</summary>
    public string? Title { get; set; }

    /// <summary>The provider that answers where a message names none.</summary>
    public required string Provider { get; init; }

    /// <summary>How many messages it has: the ordinal of the last.</summary>
    public int MessageCount { get; set; }

    /// <summary>When the last message was stored.</summary>
    public Instant? LastMessageAt { get; set; }

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required Instant UpdatedAt { get; set; }
}

/// <summary>One turn of a conversation.</summary>
public sealed class Message
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The conversation.</summary>
    public required Guid ConversationId { get; init; }

    /// <summary>Its place in the conversation, from 1.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Who says it.</summary>
    public required MessageRole Role { get; init; }

    /// <summary>What is said.</summary>
    public required string Content { get; init; }

    /// <summary>The provider that answered; null for a learner's turn.</summary>
    public string? Provider { get; init; }

    /// <summary>The model that answered; null for a learner's turn.</summary>
    public string? Model { get; init; }

    /// <summary>Whether it is whole.</summary>
    public required MessageStatus Status { get; init; }

    /// <summary>What of the learner's documents it rests on.</summary>
    public required List<Citation> Citations { get; init; }

    /// <summary>When it was stored.</summary>
    public required Instant CreatedAt { get; init; }
}

/// <summary>A passage that an answer rests on.</summary>
public sealed class Citation
{
    /// <summary>The document.</summary>
    public required Guid DocumentId { get; init; }

    /// <summary>The part of it.</summary>
    public required Guid ChunkId { get; init; }

    /// <summary>The document's title.</summary>
    public required string Title { get; init; }

    /// <summary>Its very words.</summary>
    public required string Quote { get; init; }
}

/// <summary>Whether a turn is whole.</summary>
public enum MessageStatus
{
    /// <summary>It is.</summary>
    Complete,

    /// <summary>The learner went before its end.</summary>
    Stopped,

    /// <summary>The provider failed before its end.</summary>
    Failed,
}
