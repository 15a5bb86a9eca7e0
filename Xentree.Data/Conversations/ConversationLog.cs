using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data.Learning;
using Xentree.Data.Search;
using Xentree.Domain;
using Xentree.Domain.Conversations;

namespace Xentree.Data.Conversations;

/// <summary>The one way in which turns get into conversations.</summary>
public sealed class ConversationLog(XentreeDbContext context, LearnerQueue queue, LearningWrites learning, TimeProvider time)
{
    /// <summary>A title that a first message makes is at most this long.</summary>
    public const int MadeTitleLength = 60;

    /// <summary>
    /// Appends a turn. The conversation is locked meanwhile, so that turns that are stored at once each get a place of their own.
    /// </summary>
    /// <param name="owner">Whose conversation it must be.</param>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="occurredAt">When it was said.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The id of the stored turn; null where the owner has no such conversation.</returns>
    public async Task<Guid?> AppendAsync(Owner owner, Guid conversationId, Turn turn, Instant occurredAt, CancellationToken cancellation)
    {
        using var place = await queue.EnterAsync(owner.UserId, cancellation);
        var id = time.NewId();
        // A failure undoes the whole turn: there is nothing to go back to in between, and a savepoint is two round trips.
        context.Database.AutoSavepointsEnabled = false;
        return await context.Database.CreateExecutionStrategy().ExecuteInTransactionAsync(
            async cancel =>
            {
                context.ChangeTracker.Clear();
                var conversation = await context.Conversations
                    .FromSql($"select * from conversations where id = {conversationId} and user_id = {owner.UserId} for update")
                    .SingleOrDefaultAsync(cancel);
                if (conversation is null || (owner.OrganizationId is { } organization && conversation.OrganizationId != organization)) return default(Guid?);

                conversation.MessageCount++;
                var isNamed = conversation.Title is null && turn.Role == MessageRole.User;
                if (isNamed) conversation.Title = TitleFrom(turn.Content);
                context.Messages.Add(new Message
                {
                    Id = id,
                    ConversationId = conversationId,
                    Ordinal = conversation.MessageCount,
                    Role = turn.Role,
                    // A provider may say what PostgreSQL cannot store.
                    Content = turn.Content.Replace('\0', '\uFFFD'),
                    Provider = turn.Provider,
                    Model = turn.Model,
                    Status = turn.Status,
                    Citations = [.. turn.Citations ?? []],
                    CreatedAt = occurredAt,
                });
                await TurnStoredAsync(conversation, turn, occurredAt, cancel);
                await context.IndexAsync(SearchSource.Messages, [id], cancel);
                if (isNamed) await context.IndexAsync(SearchSource.Conversations, [conversationId], cancel);
                return id;
            },
            // Asked only when the connection was lost while it committed: the turn must not be stored twice.
            cancel => context.Messages.AnyAsync(m => m.Id == id, cancel),
            cancellation);
    }

    /// <summary>What follows from a turn that was said at an instant, whoever said it: in the transaction that stores the turn, once for each.</summary>
    private async Task TurnStoredAsync(Conversation conversation, Turn turn, Instant occurredAt, CancellationToken cancellation)
    {
        conversation.LastMessageAt = occurredAt;
        conversation.UpdatedAt = occurredAt;
        await context.SaveChangesAsync(cancellation);

        // A stored turn is a signal of the learning session (rule X2); a message is answered when its answer is whole.
        var isAnswer = turn is { Role: MessageRole.Assistant, Status: MessageStatus.Complete };
        await learning.RecordTurnAsync(conversation.UserId, conversation.Id, isAnswer, occurredAt, cancellation);
    }

    /// <summary>The beginning of a message as a title: one line, cut between two words.</summary>
    public static string TitleFrom(string message)
    {
        var line = string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= MadeTitleLength) return line;

        var end = line.LastIndexOf(' ', MadeTitleLength - 1);
        if (end <= 0) end = char.IsHighSurrogate(line[MadeTitleLength - 2]) ? MadeTitleLength - 2 : MadeTitleLength - 1;
        return line[..end].TrimEnd('.', ',', ';', ':') + "…";
    }
}

/// <summary>A turn that is to be stored.</summary>
/// <param name="Role">Who says it.</param>
/// <param name="Content">What is said.</param>
/// <param name="Status">Whether it is whole.</param>
/// <param name="Provider">The provider that answered.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Citations">What of the learner's documents it rests on.</param>
public sealed record Turn(
    MessageRole Role, string Content, MessageStatus Status = MessageStatus.Complete, string? Provider = null, string? Model = null, IReadOnlyList<Citation>? Citations = null);
