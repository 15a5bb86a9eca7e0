using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Conversations;

namespace Xentree.Api.Features.Conversations;

internal static class DeleteConversation
{
    public static async Task<Results<NoContent, Failure>> HandleAsync(
        Guid conversationId, Caller caller, XentreeDbContext context, CancellationToken cancellation) =>
        await context.ConversationsOf(caller.Owner).Where(c => c.Id == conversationId).ExecuteDeleteAsync(cancellation) == 0
            ? Failures.NotFound
            : TypedResults.NoContent();
}
