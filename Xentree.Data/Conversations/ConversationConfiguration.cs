using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Xentree.Data.Accounts;
using Xentree.Data.Organizations;

namespace Xentree.Data.Conversations;

internal sealed class ConversationConfiguration : IEntityTypeConfiguration<Conversation>, IEntityTypeConfiguration<Message>
{
    public void Configure(EntityTypeBuilder<Conversation> conversation)
    {
        conversation.ToTable("conversations");
        conversation.HasOne<User>().WithMany().HasForeignKey(c => c.UserId);
        // What a learner said stays theirs when the organization goes.
        conversation.HasOne<Organization>().WithMany().HasForeignKey(c => c.OrganizationId).OnDelete(DeleteBehavior.SetNull);
        conversation.HasIndex(c => new { c.UserId, c.Id });
        conversation.HasIndex(c => c.OrganizationId);
    }

    public void Configure(EntityTypeBuilder<Message> message)
    {
        message.ToTable("messages");
        message.HasOne<Conversation>().WithMany().HasForeignKey(m => m.ConversationId);
        message.HasIndex(m => new { m.ConversationId, m.Ordinal }).IsUnique();
        message.ComplexCollection(m => m.Citations, citations => citations.ToJson());
    }
}
