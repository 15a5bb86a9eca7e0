using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.Paging;
using Xentree.Data;
using Xentree.Data.Conversations;

namespace Xentree.Api.Features.Conversations;

internal static class ListConversations
{
    public static async Task<Page<ConversationResponse>> HandleAsync(Caller caller, PageRequest page, XentreeDbContext context, CancellationToken cancellation)
    {
        var rows = await context.ConversationsOf(caller.Owner)
            .Where(c => page.After == null || c.Id < page.After)
            .OrderByDescending(c => c.Id)
            .Take(page.Limit + 1)
            .Select(ConversationResponse.Of)
            .ToListAsync(cancellation);
        return new Page<ConversationResponse>(page, rows, c => c.Id);
    }
}
