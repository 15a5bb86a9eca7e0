using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.Paging;
using Xentree.Api.Schemas;
using Xentree.Data;
using Xentree.Data.Conversations;
using Xentree.Domain.Conversations;

namespace Xentree.Api.Features.Conversations;

/// <summary>One turn of a conversation.</summary>
public sealed record MessageResponse : IExample<MessageResponse>
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who says it.</summary>
    public required MessageRole Role { get; init; }

    /// <summary>What is said; the tutor writes Markdown.</summary>
    public required string Content { get; init; }

    /// <summary>The provider that answered; null for a learner's turn.</summary>
    public required string? Provider { get; init; }

    /// <summary>The model that answered; null for a learner's turn.</summary>
    public required string? Model { get; init; }

    /// <summary>Whether it is whole: <c>stopped</c> when the connection was closed before its end, <c>failed</c> when the provider broke off.</summary>
    public required MessageStatus Status { get; init; }

    /// <summary>The passages of your documents that it rests on.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <summary>When it was stored.</summary>
    public required Instant CreatedAt { get; init; }

    /// <inheritdoc/>
    public static MessageResponse Example { get; } = new()
    {
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2d01"),
        Role = MessageRole.User,
        Content = "I need some informations about London.",
        Provider = null,
        Model = null,
        Status = MessageStatus.Complete,
        Citations = [],
        CreatedAt = Instant.FromUtc(2026, 3, 1, 9, 5),
    };
}

internal static class ListMessages
{
    public static async Task<Results<Page<MessageResponse>, Failure>> HandleAsync(
        Guid conversationId, Caller caller, PageRequest page, XentreeDbContext context, CancellationToken cancellation)
    {
        if (!await context.ConversationsOf(caller.Owner).AnyAsync(c => c.Id == conversationId, cancellation)) return Failures.NotFound;

        // Turns have a place, which their ids need not follow: two of the same millisecond are told apart by chance.
        var after = 0;
        if (page.After is { } last)
        {
            after = await context.Messages.Where(m => m.ConversationId == conversationId && m.Id == last).Select(m => m.Ordinal).SingleOrDefaultAsync(cancellation);
            if (after == 0) return Failures.InvalidCursor;
        }

        var rows = await context.Messages.AsNoTracking()
            .Where(m => m.ConversationId == conversationId && m.Ordinal > after)
            .OrderBy(m => m.Ordinal)
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        return new Page<MessageResponse>(page, [.. rows.Select(Of)], m => m.Id);
    }

    private static MessageResponse Of(Message message) => new()
    {
        Id = message.Id,
        Role = message.Role,
        Content = message.Content,
        Provider = message.Provider,
        Model = message.Model,
        Status = message.Status,
        Citations = [.. message.Citations.Select(CitationResponse.Of)],
        CreatedAt = message.CreatedAt,
    };
}
