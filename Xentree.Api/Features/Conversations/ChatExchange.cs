using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Xentree.Ai;
using Xentree.Ai.Local;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Api.Schemas;
using Xentree.Api.Spending;
using Xentree.Api.Tools;
using Xentree.Data;
using Xentree.Data.Conversations;
using Xentree.Data.Knowledge;
using Xentree.Domain.ApiKeys;
using Xentree.Domain.Conversations;

namespace Xentree.Api.Features.Conversations;

/// <summary>What happens while a message is answered: that a provider is asked, deltas, then one of the others.</summary>
internal abstract record ChatEvent
{
    /// <summary>The learner's turn is stored, and a provider is asked now.</summary>
    public sealed record Asked : ChatEvent;

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
internal sealed class ChatExchange(XentreeDbContext context, ConversationLog log, ChatRouter router, AiSpending spending, ToolBox tools, ChatKnowledge knowledge, ConversationTitles titles, BusinessClock clock)
{
    private const int MaxTurns = 100;

    private Owner _owner;
    private Guid? _conversationId;
    private string _message = "";
    private string _provider = "";
    private ChatTurns _turns = new([], "");
    private IReadOnlyList<KnowledgeHit> _passages = [];
    private IReadOnlyList<Citation> _citations = [];
    private bool _isFirst;

    /// <summary>What was kept of an answer that was stopped.</summary>
    public ChatResponse? Stopped { get; private set; }

    /// <summary>Checks the request and reads what it needs; says what is wrong, if anything is. Nothing is stored yet.</summary>
    public async Task<Failure?> BeginAsync(ChatRequest request, Caller caller, CancellationToken cancellation)
    {
        if (request.Provider is { } named && !router.Knows(named)) return CreateConversation.UnknownProvider;
        if (request.UseKnowledge == true && caller.Key is { } key && !Scope.IsSatisfied(ChatKnowledge.Scope, key.Scopes))
            return Failures.InsufficientScope(ChatKnowledge.Scope, key.Scopes);

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

        var account = await context.Users.Where(user => user.Id == caller.UserId).Select(user => new { user.Language, user.Plan }).SingleAsync(cancellation);
        _message = request.Message;
        List<ChatTurn> turns = [.. history];
        _isFirst = turns.Count == 0;
        if (request.UseKnowledge == true)
        {
            _passages = await knowledge.FindAsync(_owner, _message, cancellation);
            turns.Add(ChatKnowledge.AsData(_passages));
        }

        _turns = new ChatTurns([.. turns, new ChatTurn(MessageRole.User, _message)], request.UserLanguage ?? account.Language)
        {
            Passages = request.UseKnowledge == true ? [.. _passages.Select(passage => new Passage(passage.Title, passage.Content))] : null,
            Tools = tools.For(caller),
            Budget = spending.Of(_owner, account.Plan),
        };
        return null;
    }

    /// <summary>Answers. Cancelling stops the provider, and keeps what it said by then.</summary>
    public async IAsyncEnumerable<ChatEvent> AnswerAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var said = new StringBuilder();
        ChatDelta? last = null;
        var (isAsked, isOver, isAnswered) = (false, false, false);
        await using var deltas = router.StreamAsync(_provider, _turns, cancellation).GetAsyncEnumerator(cancellation);
        try
        {
            while (!isOver)
            {
                Failure? failed = null;
                try
                {
                    isOver = !await deltas.MoveNextAsync();
                }
                catch (ChatFailedException exception)
                {
                    (failed, isOver) = (exception.IsUnavailable ? Failures.ProviderUnavailable(exception.Message) : Failures.ProviderFailed(exception.Message), true);
                }
                catch (FailureException exception)
                {
                    (failed, isOver) = (exception.Failure, true);
                }

                if (failed is not null)
                {
                    await StoreAnswerAsync(said, last, MessageStatus.Failed);
                    yield return new ChatEvent.Failed(failed);
                    yield break;
                }

                if (isOver) break;

                last = deltas.Current;
                if (!isAsked)
                {
                    // The provider is admitted and will be asked when this goes on.
                    if (await StoreAsync(new Turn(MessageRole.User, _message), cancellation) is null && _conversationId is not null)
                    {
                        isOver = true;
                        yield return new ChatEvent.Failed(Failures.NotFound);
                        yield break;
                    }

                    isAsked = true;
                    yield return new ChatEvent.Asked();
                }

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

            isAnswered = true;
            yield return new ChatEvent.Done(Response(said, last, stored));
        }
        finally
        {
            if (!isOver)
            {
                // Nobody listens any more. The provider first: it must not talk on while a database is waited for.
                await deltas.DisposeAsync();
                Stopped = Response(said, last, await StoreAnswerAsync(said, last, MessageStatus.Stopped));
            }

            if (isAnswered && _isFirst && _conversationId is { } titled) titles.Want(titled);
        }
    }

    private ChatResponse Response(StringBuilder said, ChatDelta? last, Guid? stored) => new()
    {
        Content = said.ToString(),
        Provider = last?.Provider ?? _provider,
        Model = last?.Model ?? "",
        Usage = UsageResponse.Of(last?.Usage),
        ConversationId = _conversationId,
        MessageId = stored,
        Citations = [.. _citations.Select(CitationResponse.Of)],
    };

    // Not cancelled with the request: what was said is kept when the learner has gone.
    private async Task<Guid?> StoreAnswerAsync(StringBuilder said, ChatDelta? last, MessageStatus status)
    {
        if (said.Length == 0) return null;

        var content = said.ToString();
        _citations = ChatKnowledge.CitationsOf(content, _passages);
        return await StoreAsync(new Turn(MessageRole.Assistant, content, status, last!.Provider, last.Model, _citations), CancellationToken.None);
    }

    private Task<Guid?> StoreAsync(Turn turn, CancellationToken cancellation) => _conversationId is { } conversationId
        ? log.AppendAsync(_owner, conversationId, turn, clock.Now, cancellation)
        : Task.FromResult<Guid?>(null);
}
