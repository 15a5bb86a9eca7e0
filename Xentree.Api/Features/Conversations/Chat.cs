using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Xentree.Ai;
using Xentree.Api.Auth;
using Xentree.Api.Http.Idempotency;
using Xentree.Api.Schemas;
using Xentree.Domain.Conversations;

namespace Xentree.Api.Features.Conversations;

/// <summary>A message to the tutor.</summary>
public sealed record ChatRequest : IValidatableObject, IExample<ChatRequest>
{
    /// <summary>The message.</summary>
    [Required, Text(1, 32_000)]
    public string Message { get; init; } = "";

    /// <summary>The id of the provider that is to answer; absent, the conversation's provider, and that is <c>auto</c> unless it was opened with another.</summary>
    public string? Provider { get; init; }

    /// <summary>The conversation that it belongs to; both turns are stored there.</summary>
    public Guid? ConversationId { get; init; }

    /// <summary>The earlier turns, oldest first, where no conversation is stored; not with <c>conversation_id</c>.</summary>
    [MaxLength(100, ErrorMessage = "must have at most 100 turns")]
    public IReadOnlyList<HistoryTurn>? ConversationHistory { get; init; }

    /// <summary>The language to explain in; absent, the language of the account.</summary>
    [Language]
    public string? UserLanguage { get; init; }

    /// <summary>Whether the answer is to rest on passages of your documents.</summary>
    public bool? UseKnowledge { get; init; }

    /// <inheritdoc/>
    public static ChatRequest Example { get; } = new() { Message = "I need some informations about London.", Provider = ChatRouter.Auto, UserLanguage = "hr" };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ConversationId is not null && ConversationHistory is not null)
            yield return new ValidationResult("must not be given with conversation_id, which has a history of its own", [nameof(ConversationHistory)]);
    }
}

/// <summary>An earlier turn that the client kept.</summary>
public sealed record HistoryTurn : IExample<HistoryTurn>
{
    /// <summary>Who said it.</summary>
    public required MessageRole Role { get; init; }

    /// <summary>What was said.</summary>
    [Required, Text(1, 32_000)]
    public string Content { get; init; } = "";

    /// <inheritdoc/>
    public static HistoryTurn Example { get; } = new() { Role = MessageRole.User, Content = "Hello!" };
}

/// <summary>The tutor's answer.</summary>
public sealed record ChatResponse : IExample<ChatResponse>
{
    /// <summary>The answer, in Markdown.</summary>
    public required string Content { get; init; }

    /// <summary>The provider that answered.</summary>
    public required string Provider { get; init; }

    /// <summary>The model that answered.</summary>
    public required string Model { get; init; }

    /// <summary>The tokens used; null where the provider does not tell.</summary>
    public required UsageResponse? Usage { get; init; }

    /// <summary>The conversation, where the turns were stored.</summary>
    public required Guid? ConversationId { get; init; }

    /// <summary>The stored answer.</summary>
    public required Guid? MessageId { get; init; }

    /// <summary>The passages of your documents that it rests on.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <inheritdoc/>
    public static ChatResponse Example { get; } = new()
    {
        Content = "I found one thing to correct in your 6 words.\n\n1. “informations” → **information**: Nouns without a plural.",
        Provider = "local",
        Model = "rules-1",
        Usage = UsageResponse.Example,
        ConversationId = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2c01"),
        MessageId = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2d02"),
        Citations = [],
    };
}

internal static class Chat
{
    private const string Continue = "continue";

    public static async Task<Results<Ok<ChatResponse>, ServerSentEventsResult<string>, Failure>> HandleAsync(
        ChatRequest request,
        [FromHeader(Name = "Prefer"), Description("`continue`: the answer is made to its end when you close the connection (RFC 7240).")] string? prefer,
        Caller caller,
        ChatExchange exchange,
        ChatStreams streams,
        HttpContext http,
        CancellationToken cancellation)
    {
        if (await exchange.BeginAsync(request, caller, cancellation) is { } refused) return refused;
        CancellationToken? client = cancellation;
        if (IsPreferred(prefer))
        {
            http.Response.Headers["Preference-Applied"] = Continue;
            http.RequestAborted = CancellationToken.None;
            client = null;
        }

        if (!http.Request.WantsEvents()) return await AnswerAsync(exchange, client ?? CancellationToken.None);

        var stream = streams.Begin(caller.Owner, client);
        IAsyncEnumerator<ChatEvent>? events = exchange.AnswerAsync(stream.Stopping).GetAsyncEnumerator(stream.Stopping);
        try
        {
            // As long as no provider is asked, there is a status to tell a failure with.
            if (!await events.MoveNextAsync() || events.Current is not ChatEvent.Asked) return ((ChatEvent.Failed)events.Current).Failure;

            http.Response.Headers.ContentLocation = $"/api/core/chat/streams/{stream.Key.Id}";
            var answer = TypedResults.ServerSentEvents(EventsAsync(exchange, events, stream, http));
            events = null;
            return answer;
        }
        finally
        {
            if (events is not null)
            {
                await events.DisposeAsync();
                await stream.DisposeAsync();
            }
        }
    }

    private static async Task<Results<Ok<ChatResponse>, ServerSentEventsResult<string>, Failure>> AnswerAsync(ChatExchange exchange, CancellationToken cancellation)
    {
        await foreach (var happened in exchange.AnswerAsync(cancellation))
        {
            if (happened is ChatEvent.Done(var response)) return TypedResults.Ok(response);
            if (happened is ChatEvent.Failed(var failure)) return failure;
        }

        throw new InvalidOperationException("An answer ends with done or failed.");
    }

    private static bool IsPreferred(string? prefer) =>
        prefer?.Split(',', StringSplitOptions.TrimEntries).Contains(Continue, StringComparer.OrdinalIgnoreCase) == true;

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(ChatExchange exchange, IAsyncEnumerator<ChatEvent> answer, ChatStream stream, HttpContext http)
    {
        var isOver = false;
        try
        {
            while (!isOver)
            {
                ChatEvent happened;
                try
                {
                    if (!await answer.MoveNextAsync()) yield break;
                    happened = answer.Current;
                }
                catch (OperationCanceledException) when (stream.Stopping.IsCancellationRequested)
                {
                    break;
                }
                catch (Exception exception) when (!stream.Stopping.IsCancellationRequested)
                {
                    // The status is out: a fault is told the same way as a failure.
                    happened = new ChatEvent.Failed(Faults.Handle(exception, http));
                }

                if (happened is ChatEvent.Failed) http.Features.Set(NotReplayed.Instance);
                isOver = happened is not ChatEvent.Delta;
                yield return happened switch
                {
                    ChatEvent.Delta(var content) => stream.Append(ChatStreams.Delta, new ChatDeltaEvent { Content = content }),
                    ChatEvent.Done(var response) => stream.Append("done", response),
                    ChatEvent.Failed(var failure) => stream.Append("error", failure.ToError(http)),
                    _ => throw new InvalidOperationException($"There is no event for {happened.GetType().Name}."),
                };
            }

            if (!isOver)
            {
                isOver = true;
                http.Features.Set(NotReplayed.Instance);
                yield return Stopped();
            }
        }
        finally
        {
            // The client may go between two events: the answer ends first, and then it is known what of it was kept.
            await answer.DisposeAsync();
            if (!isOver) Stopped();
            await stream.DisposeAsync();
        }

        SseItem<string> Stopped() => stream.Append("stopped", exchange.Stopped ?? throw new InvalidOperationException("An answer that did not end was stopped."));
    }
}
