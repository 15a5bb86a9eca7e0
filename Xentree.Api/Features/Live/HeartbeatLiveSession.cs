using Microsoft.AspNetCore.Http.HttpResults;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Learning;
using Xentree.Data.Live;
using Xentree.Domain.Live;

namespace Xentree.Api.Features.Live;

/// <summary>Names a live session.</summary>
public sealed record LiveSessionRequest : IExample<LiveSessionRequest>
{
    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <inheritdoc/>
    public static LiveSessionRequest Example { get; } = new() { SessionId = LiveSessionResponse.Example.SessionId };
}

internal static class HeartbeatLiveSession
{
    public static async Task<Results<Ok<LiveSessionResponse>, Failure>> HandleAsync(
        LiveSessionRequest request, Caller caller, LiveSessions live, XentreeDbContext context, LearningRules rules, BusinessClock clock, HttpContext http,
        CancellationToken cancellation)
    {
        var (token, ticket) = SocketToken.Create(caller);
        return await live.HeartbeatAsync(caller.Owner, request.SessionId, ticket, clock.Now, cancellation) switch
        {
            LiveOutcome.Stands({ Status: LiveStatus.Active } row, _) => TypedResults.Ok(
                LiveSessionResponse.Of(row, await context.NicknameAsync(caller.UserId, cancellation), rules.Live, token, LiveSessionResponse.SocketUrlOf(row.Id, http.Request))),
            LiveOutcome.Stands => Failures.SessionEnded,
            _ => Failures.NotFound,
        };
    }
}
