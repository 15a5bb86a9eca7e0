using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Conversations;

namespace Xentree.Api.Features.Conversations;

internal static class GetConversation
{
    public static async Task<Results<Ok<ConversationResponse>, Failure>> HandleAsync(
        Guid conversationId, Caller caller, XentreeDbContext context, CancellationToken cancellation) =>
        await context.ConversationsOf(caller.Owner).Where(c => c.Id == conversationId).Select(ConversationResponse.Of).SingleOrDefaultAsync(cancellation) is { } conversation
            ? TypedResults.Ok(conversation)
            : Failures.NotFound;
}
