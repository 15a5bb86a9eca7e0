using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Features.Live.Socket;
using Xentree.Api.Http.Export;
using Xentree.Api.Http.Idempotency;

namespace Xentree.Api.Features.Live;

internal static class LiveEndpoints
{
    private const string Read = "live:read";
    private const string Write = "live:write";

    public static void AddLive(this IServiceCollection services)
    {
        services.AddOptions<LiveSocketOptions>().BindConfiguration(LiveSocketOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddExportPart("live_sessions", (context, userId) => context.LiveSessions.AsNoTracking().Where(s => s.UserId == userId), s => s.Id);
        services.AddExportPart("live_transcripts", (context, userId) => context.LiveTranscripts.AsNoTracking().Where(t => t.UserId == userId), t => t.Id);
        services.AddExportPart(
            "live_turns",
            (context, userId) => context.LiveTurns.AsNoTracking().Where(t => context.LiveTranscripts.Any(s => s.Id == t.TranscriptId && s.UserId == userId)),
            t => t.Id);
    }

    public static void MapLive(this WebApplication app)
    {
        var live = app.MapGroup("/api/live").WithTags("Xentree Live");

        live.MapGet("/quota", GetLiveQuota.HandleAsync)
            .RequireScope(Read)
            .WithName("getLiveQuota")
            .WithSummary("Get remaining Xentree Live quota")
            .WithDescription(
                "What your plan gives this month (a month in UTC), and what of it is used. A session that goes on counts up to its last heartbeat or "
                + "frame, so `used_seconds` never falls. Nothing is carried over.");

        live.MapPost("/session/start", StartLiveSession.HandleAsync)
            .RequireScope(Write)
            .AcceptsIdempotencyKey()
            .WithName("startLiveSession")
            .WithSummary("Start a live session")
            .WithDescription(
                """
                Starts the one session that you can have at a time. Seconds are charged by the server's clock from now on. Send a heartbeat every
                `heartbeat_interval_seconds`; without one, and without a frame on the socket, the session expires 45 seconds after the last and is
                charged up to that one. At `expires_at` the quota is used up and the session ends.

                To talk, open `socket_url` with `socket_token` as one of the subprotocols within 60 seconds (`new WebSocket(socket_url,
                ["xentree.live", socket_token])`). The token works once; every heartbeat gives another. The frames are described at
                [/docs/live](/docs/live).
                """)
            .Fails("session_already_active", "live_quota_exceeded");

        live.MapPost("/session/heartbeat", HeartbeatLiveSession.HandleAsync)
            .RequireScope(Write)
            .WithName("heartbeatLiveSession")
            .WithSummary("Update an active live session heartbeat")
            .WithDescription("Keeps a session alive, says what is left, and gives another socket token. On a finished session it is 409 `session_ended`.")
            .Fails("not_found", "session_ended");

        live.MapPost("/session/end", EndLiveSession.HandleAsync)
            .RequireScope(Write)
            .WithName("endLiveSession")
            .WithSummary("End a live session")
            .WithDescription("Ends a session and charges it up to now. Ending one that is finished charges nothing more and gives the same answer.")
            .Fails("not_found");

        live.MapPut("/nickname", UpdateNickname.HandleAsync)
            .RequireScope(Write)
            .WithName("updateLiveNickname")
            .WithSummary("Update the user nickname used in Xentree Live")
            .WithDescription("How the tutor calls you in live sessions.");

        live.MapGet("/transcripts", ListLiveTranscripts.HandleAsync)
            .RequireScope(Read)
            .WithName("listLiveTranscripts")
            .WithSummary("List live transcripts for the current user")
            .WithDescription("What was said in your live sessions, the newest first, without the turns. The server writes one as you talk on the socket; others are those that you saved.");

        live.MapPost("/transcripts", SaveLiveTranscripts.HandleAsync)
            .RequireBearer()
            .WithMetadata(new RequestSizeLimitAttribute(SaveLiveTranscripts.MaxBodyBytes))
            .AcceptsIdempotencyKey()
            .WithName("saveLiveTranscripts")
            .WithSummary("Save live session transcripts")
            .WithDescription("Saves what a client recorded itself, as a transcript of its own. What it claims of times charges nothing.")
            .Fails("not_found");

        live.MapGet("/transcripts/{transcriptId:uuid}", GetLiveTranscript.HandleAsync)
            .RequireScope(Read)
            .WithName("getLiveTranscript")
            .WithSummary("Get a single live transcript")
            .WithDescription("A transcript with all of its turns, in their order.")
            .Fails("not_found");

        live.MapGet("/session/{sessionId:uuid}/socket", OpenLiveSocket.HandleAsync)
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .AllowAnonymous()
            .DisableRequestTimeout()
            .WithName("openLiveSocket")
            .WithSummary("Talk in a live session")
            .WithDescription(
                """
                A WebSocket, opened by the token of a start or of a heartbeat, which works once and for 60 seconds: offer it as a subprotocol beside
                `xentree.live`, or send it as `token`. Text turns go up; corrections and the reply, word by word, come down. The frames are
                described at [/docs/live](/docs/live). Whoever connects later takes over from who connected before.
                """)
            .Fails("invalid_token", "session_ended", "not_found");

        // The description of the frames (AsyncAPI 3), as it is in git.
        app.MapGet("/docs/live", () => Results.Stream(typeof(LiveEndpoints).Assembly.GetManifestResourceStream("asyncapi.json")!, "application/json; charset=utf-8"))
            .AllowAnonymous()
            .ExcludeFromDescription();
    }
}
