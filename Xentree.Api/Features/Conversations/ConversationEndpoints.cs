using Microsoft.EntityFrameworkCore;
using Xentree.Ai;
using Xentree.Api.Auth;
using Xentree.Api.Http.Export;
using Xentree.Api.Http.Idempotency;
using Xentree.Api.Http.RateLimits;
using Xentree.Api.Spending;
using Xentree.Api.Tools;
using Xentree.Domain.LearningTime;

namespace Xentree.Api.Features.Conversations;

internal static class ConversationEndpoints
{
    private const string Read = "conversations:read";
    private const string Write = "conversations:write";

    public static void AddConversations(this IServiceCollection services)
    {
        services.AddXentreeAi();
        services.AddAiSpending();
        services.AddTools();
        services.AddScoped<ChatExchange>();
        services.AddSingleton<ConversationTitles>();
        services.AddScoped<ChatKnowledge>();
        services.AddOptions<ChatStreamOptions>().BindConfiguration(ChatStreamOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ChatStreams>();
        services.AddHostedService(provider => provider.GetRequiredService<ChatStreams>());
        services.AddScoped<SessionReads>();
        services.AddExportPart("conversations", (context, userId) => context.Conversations.AsNoTracking().Where(c => c.UserId == userId), c => c.Id);
        services.AddExportPart(
            "messages",
            (context, userId) => context.Messages.AsNoTracking().Where(m => context.Conversations.Any(c => c.Id == m.ConversationId && c.UserId == userId)),
            m => m.Id);
        services.AddExportPart("session_signals", (context, userId) => context.SessionSignals.AsNoTracking().Where(s => s.UserId == userId), s => s.Id);
    }

    public static void MapConversations(this WebApplication app)
    {
        var core = app.MapGroup("/api/core").WithTags("Conversations");

        core.MapGet("/providers", ListProviders.Handle)
            .RequireScope(Read)
            .WithName("listProviders")
            .WithSummary("List available AI providers")
            .WithDescription(
                "The providers that this installation knows, in the order in which `auto` asks them. "
                + "One whose key is missing, or that failed too often and is left alone for a moment, is listed with `available: false`.");

        core.MapPost("/chat", Chat.HandleAsync)
            .Produces<ChatResponse>(StatusCodes.Status200OK, "application/json", "text/event-stream")
            .RequireScope(Write)
            .LimitedBy(RateLimitPolicy.Chat)
            .AcceptsIdempotencyKey(stopsWithItsClient: true)
            // A good answer may take longer than a request usually may; the providers' own limits bound it.
            .DisableRequestTimeout()
            .WithName("chat")
            .WithSummary("Generate an AI response")
            .WithDescription(
                """
                Answers a message. With `conversation_id` the earlier turns are the context and both turns are stored; without it nothing is
                stored and `conversation_history` is the context.

                With `Accept: text/event-stream` the answer comes as server-sent events while it is made: `delta` (`{"content": …}`) as often
                as needed, then `done` with the whole response, or `error`. Both turns are stored before `done` is sent. When you close the
                connection, the provider is stopped within a second, and what it had said by then is stored with status `stopped`.

                Each event has an `id`, and `Content-Location` is the address of the stream: until two minutes after its end it can be taken
                up again there, through any replica. A client that wants the answer to go on while it has no connection says
                `Prefer: continue`; then it is made to its end, or until the stream is deleted, and stored as a whole.

                With `use_knowledge` the passages of your documents that have most to do with the message are given to the provider as data, and
                `citations` names those that the answer rests on; each `quote` stands in its chunk word for word. A key needs `rag:read` for it.

                `auto` takes the first provider that is available and can hold the message, and passes over one that fails before its first
                word. The learner's turn is stored even when the provider fails.

                A language model may look up your XP, streak, quests and learning time while it answers; with an API key only where the key's
                scopes allow it. Its tokens, prompt and answer, are taken from your plan's budget of a day of UTC: reserved before it is
                asked, and settled with what it used. A chat for which too little is left is refused with `ai_quota_exceeded`, which tells
                when the budget begins anew (`resets_at`), and nothing is stored. The provider `local` costs nothing.
                """)
            .Fails("not_found", "ai_quota_exceeded", "provider_failed", "provider_unavailable");

        core.MapGet("/chat/streams/{streamId:uuid}", FollowChat.HandleAsync)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            // Who may ask may hear the answer, as they did the first time.
            .RequireScope(Write)
            .DisableRequestTimeout()
            .WithName("followChat")
            .WithSummary("Take up the stream of an answer again")
            .WithDescription(
                """
                The events of an answer after the one that `Last-Event-ID` names, those that are still to come included; the same that the
                first connection was sent, with the same ids. Any number of connections can follow. It works until two minutes after the
                stream's end, and only for its own caller.

                An answer that was stopped because its client went ends with `stopped`, whose data is like that of `done` and holds what was
                kept. When the server that makes the answer is lost, the stream ends with `error`. With the id of the last event the answer is
                204: there is nothing more.

                Text of answers is held for this for two minutes after their end. While that store is away, answers are streamed as ever, and
                this is `dependency_unavailable`.
                """)
            .Fails("not_found", "dependency_unavailable");

        core.MapDelete("/chat/streams/{streamId:uuid}", StopChat.HandleAsync)
            .RequireScope(Write)
            .WithName("stopChat")
            .WithSummary("Stop an answer")
            .WithDescription("Stops the provider within a second, whichever connections follow the answer; what it had said by then is stored with status `stopped`. An answer that has ended stays as it is.")
            .Fails("not_found", "dependency_unavailable");

        core.MapGet("/conversations", ListConversations.HandleAsync)
            .RequireScope(Read)
            .WithName("listConversations")
            .WithSummary("List conversations for the current user")
            .WithDescription("Your conversations, the newest first. An API key lists those that were created through keys of its organization.");

        core.MapPost("/conversations", CreateConversation.HandleAsync)
            .RequireScope(Write)
            .AcceptsIdempotencyKey()
            .WithName("createConversation")
            .WithSummary("Create a conversation")
            .WithDescription("Opens a conversation. Without a title it takes the beginning of its first message as one.");

        core.MapGet("/conversations/{conversationId:uuid}", GetConversation.HandleAsync)
            .RequireScope(Read)
            .WithName("getConversation")
            .WithSummary("Get a conversation")
            .WithDescription("One of your conversations, without its messages.")
            .Fails("not_found");

        core.MapPatch("/conversations/{conversationId:uuid}", UpdateConversation.HandleAsync)
            .RequireScope(Write)
            .Accepts<ConversationUpdateRequest>("application/json", "application/merge-patch+json")
            .WithName("updateConversation")
            .WithSummary("Rename a conversation")
            .WithDescription("A JSON merge patch (RFC 7396). A title of null takes the title away; the next message makes one again.")
            .Fails("not_found");

        core.MapDelete("/conversations/{conversationId:uuid}", DeleteConversation.HandleAsync)
            .RequireScope(Write)
            .WithName("deleteConversation")
            .WithSummary("Delete a conversation")
            .WithDescription("Deletes a conversation and its messages, for good.")
            .Fails("not_found");

        core.MapGet("/conversations/{conversationId:uuid}/messages", ListMessages.HandleAsync)
            .RequireScope(Read)
            .WithName("listMessages")
            .WithSummary("Get messages for a conversation")
            .WithDescription("The turns of a conversation, the oldest first.")
            .Fails("not_found");

        MapSessions(core.MapGroup("/conversations/{conversationId:uuid}/session"));
    }

    private static void MapSessions(RouteGroupBuilder session)
    {
        const string late =
            "`occurred_at` tells when it happened, for a client that was offline: at most 72 hours ago it counts for the day on which it happened, older it earns XP for today.";

        session.MapPost("/start", SignalSession.Of(SignalKind.Start))
            .RequireScope(Write)
            .AcceptsIdempotencyKey()
            .WithName("startLearningSession")
            .WithSummary("Start the learning session of a conversation")
            .WithDescription("Opens the learning session of a conversation; an open one is returned. Every full minute of learning time gives 5 XP. " + late)
            .Fails("not_found");

        session.MapPost("/activity", SignalSession.Of(SignalKind.Activity))
            .RequireScope(Write)
            .AcceptsIdempotencyKey()
            .WithName("recordLearningActivity")
            .WithSummary("Record activity in a learning session")
            .WithDescription("Says that the learner is still there. Between two signals at most 60 s count, so send one at least every minute. " + late)
            .Fails("not_found", "session_ended");

        session.MapPost("/end", SignalSession.Of(SignalKind.End))
            .RequireScope(Write)
            .AcceptsIdempotencyKey()
            .WithName("endLearningSession")
            .WithSummary("End the learning session of a conversation")
            .WithDescription("Ends the open learning session. It ends by itself 30 minutes after its last signal. " + late)
            .Fails("not_found", "session_ended");

        session.MapGet("/status", GetSessionStatus.HandleAsync)
            .RequireScope(Read)
            .WithName("getLearningSession")
            .WithSummary("Get the learning session of a conversation")
            .WithDescription("The learning session that began last, open or not. A conversation that had none is answered with `not_found`.")
            .Fails("not_found");
    }
}
