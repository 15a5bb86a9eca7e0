using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Xentree.Ai;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Conversations;
using Xentree.Domain.Conversations;

namespace Xentree.Api.Features.Conversations;

/// <summary>What happens while a message is answered: deltas, then one of the others.</summary>
internal abstract record ChatEvent
{
    /// <summary>The next piece of the answer.</summary>
    public sealed record Delta(string Content) : ChatEvent;

    /// <summary>The answer is whole, and stored where it is to be.</summary>
    public sealed record Done(ChatResponse Response) : ChatEvent;

    /// <summary>There is no answer, or no more of it.</summary>
    public sealed record Failed(Failure Failure) : ChatEvent;
}

/// <summary>
/// One message and its answer, whichever way the answer is sent. The learner's turn is stored before the provider is asked, the
/// tutor's when it ends, however it ends: so a conversation is whole at every instant, and nothing that a learner saw is lost.
/// </summary>
internal sealed class ChatExchange(XentreeDbContext context, ConversationLog log, ChatRouter router, BusinessClock clock)
{
    private const int MaxTurns = 100;

    private Owner _owner;
    private Guid? _conversationId;
    private string _provider = "";
    private ChatTurns _turns = new([], "");

    /// <summary>Checks the request and stores the learner's turn; says what is wrong, if anything is.</summary>
    public async Task<Failure?> BeginAsync(ChatRequest request, Caller caller, CancellationToken cancellation)
    {
        if (request.Provider is { } named && !router.Knows(named)) return CreateConversation.UnknownProvider;
        if (request.UseKnowledge == true)
            return Failures.ProviderUnavailable("This installation has no knowledge base yet: send the message without use_knowledge.") with { RetryAfter = null };

        (_owner, _conversationId, _provider) = (caller.Owner, request.ConversationId, request.Provider ?? ChatRouter.Auto);
        var history = request.ConversationHistory?.Select(turn => new ChatTurn(turn.Role, turn.Content)) ?? [];
        if (_conversationId is { } conversationId)
        {
            var conversation = await context.ConversationsOf(_owner).AsNoTracking().SingleOrDefaultAsync(c => c.Id == conversationId, cancellation);
            if (conversation is null) return Failures.NotFound;

            // A provider that the conversation was opened with may have gone since.
            if (request.Provider is null && router.Knows(conversation.Provider)) _provider = conversation.Provider;
            history = (await context.NewestMessagesAsync(conversationId, MaxTurns, cancellation)).Select(message => new ChatTurn(message.Role, message.Content));
        }

        if (router.WhyUnavailable(_provider) is { } reason) return Failures.ProviderUnavailable(reason);

        var language = request.UserLanguage
            ?? await context.Users.Where(user => user.Id == caller.UserId).Select(user => user.Language).SingleAsync(cancellation);
        _turns = new ChatTurns([.. history, new ChatTurn(MessageRole.User, request.Message)], language);
        return await StoreAsync(new Turn(MessageRole.User, request.Message), cancellation) is null && _conversationId is not null ? Failures.NotFound : null;
    }

    /// <summary>Answers. Cancelling stops the provider, and keeps what it said by then.</summary>
    public async IAsyncEnumerable<ChatEvent> AnswerAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var said = new StringBuilder();
        ChatDelta? last = null;
        var isOver = false;
        await using var deltas = router.StreamAsync(_provider, _turns, cancellation).GetAsyncEnumerator(cancellation);
        try
        {
            while (!isOver)
            {
                ChatFailedException? failed = null;
                try
                {
                    isOver = !await deltas.MoveNextAsync();
                }
                catch (ChatFailedException exception)
                {
                    (failed, isOver) = (exception, true);
                }

                if (failed is not null)
                {
                    await StoreAnswerAsync(said, last, MessageStatus.Failed);
                    yield return new ChatEvent.Failed(failed.IsUnavailable ? Failures.ProviderUnavailable(failed.Message) : Failures.ProviderFailed(failed.Message));
                    yield break;
                }

                if (isOver) break;

                last = deltas.Current;
                if (last.Content.Length == 0) continue;
                said.Append(last.Content);
                yield return new ChatEvent.Delta(last.Content);
            }

            var stored = await StoreAnswerAsync(said, last, MessageStatus.Complete);
            if (stored is null && _conversationId is not null)
            {
                // Somebody deleted the conversation meanwhile.
                yield return new ChatEvent.Failed(Failures.NotFound);
                yield break;
            }

            yield return new ChatEvent.Done(new ChatResponse
            {
                Content = said.ToString(),
                Provider = last!.Provider,
                Model = last.Model,
                Usage = UsageResponse.Of(last.Usage),
                ConversationId = _conversationId,
                MessageId = stored,
                Citations = [],
            });
        }
        finally
        {
            // Nobody listens any more.
            if (!isOver) await StoreAnswerAsync(said, last, MessageStatus.Stopped);
        }
    }

    // Not cancelled with the request: what was said is kept when the learner has gone.
    private Task<Guid?> StoreAnswerAsync(StringBuilder said, ChatDelta? last, MessageStatus status) => said.Length == 0
        ? Task.FromResult<Guid?>(null)
        : StoreAsync(new Turn(MessageRole.Assistant, said.ToString(), status, last!.Provider, last.Model), CancellationToken.None);

    private Task<Guid?> StoreAsync(Turn turn, CancellationToken cancellation) => _conversationId is { } conversationId
        ? log.AppendAsync(_owner, conversationId, turn, clock.Now, cancellation)
        : Task.FromResult<Guid?>(null);
}
