using Microsoft.AspNetCore.Http.HttpResults;
using Xentree.Ai;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Conversations;
using Xentree.Data.Search;
using Xentree.Domain;

namespace Xentree.Api.Features.Conversations;

/// <summary>A conversation that is to be opened.</summary>
public sealed record ConversationCreateRequest : IExample<ConversationCreateRequest>
{
    /// <summary>The title; absent, the beginning of the first message becomes it.</summary>
    [Text(1, 200)]
    public string? Title { get; init; }

    /// <summary>The id of the provider that answers where a message names none; <c>auto</c> when absent.</summary>
    public string? Provider { get; init; }

    /// <inheritdoc/>
    public static ConversationCreateRequest Example { get; } = new() { Title = "A trip to London", Provider = ChatRouter.Auto };
}

internal static class CreateConversation
{
    public static async Task<Results<Created<ConversationResponse>, Failure>> HandleAsync(
        ConversationCreateRequest request,
        Caller caller,
        XentreeDbContext context,
        ChatRouter router,
        BusinessClock clock,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var provider = request.Provider ?? ChatRouter.Auto;
        if (!router.Knows(provider)) return UnknownProvider;

        var now = clock.Now;
        var conversation = new Conversation
        {
            Id = time.NewId(),
            UserId = caller.UserId,
            OrganizationId = caller.OrganizationId,
            Title = request.Title,
            Provider = provider,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await context.InTransactionAsync(async cancel =>
        {
            context.Conversations.Add(conversation);
            await context.SaveChangesAsync(cancel);
            await context.IndexAsync(SearchSource.Conversations, [conversation.Id], cancel);
            return conversation;
        }, cancellation);
        return TypedResults.Created($"/api/core/conversations/{conversation.Id}", ConversationResponse.From(conversation));
    }

    /// <summary>400: the installation has no such provider.</summary>
    public static Failure UnknownProvider { get; } = Failures.Validation("provider", "must be auto or the id of a provider that GET /api/core/providers lists");
}
