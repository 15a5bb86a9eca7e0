using Microsoft.EntityFrameworkCore;

namespace Xentree.Data.Conversations;

/// <summary>Questions about conversations that several operations ask.</summary>
public static class ConversationQueries
{
    extension(XentreeDbContext context)
    {
        /// <summary>The conversations that the owner may see.</summary>
        public IQueryable<Conversation> ConversationsOf(Owner owner) =>
            context.Conversations.Where(c => c.UserId == owner.UserId && (owner.OrganizationId == null || c.OrganizationId == owner.OrganizationId));

        /// <summary>The newest turns of a conversation, oldest first.</summary>
        public async Task<List<Message>> NewestMessagesAsync(Guid conversationId, int count, CancellationToken cancellation)
        {
            var messages = await context.Messages.AsNoTracking()
                .Where(m => m.ConversationId == conversationId).OrderByDescending(m => m.Ordinal).Take(count).ToListAsync(cancellation);
            messages.Reverse();
            return messages;
        }
    }
}
