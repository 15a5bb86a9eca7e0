using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Xentree.Ai;
using Xentree.Api.Auth;
using Xentree.Api.Http.RateLimits;
using Xentree.Data.Learning;
using Xentree.Data.Live;
using Xentree.Domain.Live;

namespace Xentree.Api.Features.Live.Socket;

internal static class OpenLiveSocket
{
    /// <summary>The subprotocol, which the client offers beside the token.</summary>
    public const string Protocol = "xentree.live";

    public static async Task<Results<EmptyHttpResult, Failure>> HandleAsync(
        Guid sessionId,
        HttpContext http,
        LiveTalk talk,
        LearningRules rules,
        ChatRouter router,
        SharedState shared,
        IOptions<LiveSocketOptions> options,
        IOptions<RateLimitOptions> limits,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        ILogger<LiveSocket> logger,
        CancellationToken cancellation,
        [FromQuery, Description("The socket token, for clients that cannot offer it as a subprotocol.")] string? token = null,
        [FromQuery, Description("The `seq` of the last frame that you have: the stored turns and replies after it are sent again.")] int? after = null)
    {
        if (!http.WebSockets.IsWebSocketRequest) return Failures.Validation("Upgrade", "must be websocket: open this address with a WebSocket client");
        if (after < 0) return Failures.Validation("after", "must not be negative");

        var offered = http.WebSockets.WebSocketRequestedProtocols;
        var given = token ?? offered.FirstOrDefault(SocketToken.IsWellFormed);
        if (given is null || !SocketToken.IsWellFormed(given)) return Failures.InvalidToken;
        if (await talk.SitDownAsync(sessionId, SocketToken.Hash(given), cancellation) is not { } seated) return Failures.InvalidToken;
        if (seated.Session.Status != LiveStatus.Active) return Failures.SessionEnded;

        var address = LiveSessionResponse.SocketUrlOf(sessionId, http.Request);
        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = offered.Contains(Protocol) ? Protocol : null });
        using var connection = new FrameConnection(socket, TimeSpan.FromSeconds(options.Value.SendSeconds));
        using var talking = new LiveSocket(
            connection, seated, new LiveClock(time, seated.SandboxNow), options.Value, rules.Live, limits.Value,
            row => LiveSessionResponse.Of(row, seated.Nickname, rules.Live, null, address), http, router, shared, logger);
        await talking.RunAsync(after, lifetime.ApplicationStopping);
        return TypedResults.Empty;
    }
}
