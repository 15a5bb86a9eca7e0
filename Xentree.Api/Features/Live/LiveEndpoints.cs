using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.Export;
using Xentree.Api.Http.Idempotency;

namespace Xentree.Api.Features.Live;

internal static class LiveEndpoints
{
    private const string Read = "live:read";
    private const string Write = "live:write";

    public static void AddLive(this IServiceCollection services) =>
        services.AddExportPart("live_sessions", (context, userId) => context.LiveSessions.AsNoTracking().Where(s => s.UserId == userId), s => s.Id);

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
    }
}
