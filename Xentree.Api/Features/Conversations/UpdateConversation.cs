using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Conversations;
using Xentree.Data.Search;

namespace Xentree.Api.Features.Conversations;

/// <summary>A merge patch (RFC 7396) of a conversation: what is absent stays as it is.</summary>
public sealed record ConversationUpdateRequest : IExample<ConversationUpdateRequest>
{
    /// <summary>The new title; null takes the title away.</summary>
    [Text(1, 200)]
    public Optional<string?> Title { get; init; }

    /// <inheritdoc/>
    public static ConversationUpdateRequest Example { get; } = new() { Title = new("A weekend in London") };
}

internal static class UpdateConversation
{
    public static async Task<Results<Ok<ConversationResponse>, Failure>> HandleAsync(
        Guid conversationId, ConversationUpdateRequest request, Caller caller, XentreeDbContext context, BusinessClock clock, CancellationToken cancellation) =>
        await context.InTransactionAsync(async cancel =>
        {
            var conversation = await context.ConversationsOf(caller.Owner).SingleOrDefaultAsync(c => c.Id == conversationId, cancel);
            if (conversation is null) return null;

            request.Title.Apply(title => conversation.Title = title);
            if (!context.ChangeTracker.HasChanges()) return conversation;

            conversation.UpdatedAt = clock.Now;
            await context.SaveChangesAsync(cancel);
            await context.IndexAsync(SearchSource.Conversations, [conversationId], cancel);
            return conversation;
        }, cancellation) is { } updated
            ? TypedResults.Ok(ConversationResponse.From(updated))
            : Failures.NotFound;
}
