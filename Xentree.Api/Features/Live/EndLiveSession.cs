using Microsoft.AspNetCore.Http.HttpResults;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Learning;
using Xentree.Data.Live;

namespace Xentree.Api.Features.Live;

internal static class EndLiveSession
{
    public static async Task<Results<Ok<LiveSessionResponse>, Failure>> HandleAsync(
        LiveSessionRequest request, Caller caller, LiveSessions live, XentreeDbContext context, LearningRules rules, BusinessClock clock, HttpContext http,
        CancellationToken cancellation) =>
        await live.EndAsync(caller.Owner, request.SessionId, clock.Now, cancellation) is LiveOutcome.Stands(var row, _)
            ? TypedResults.Ok(LiveSessionResponse.Of(row, await context.NicknameAsync(caller.UserId, cancellation), rules.Live, null, LiveSessionResponse.SocketUrlOf(row.Id, http.Request)))
            : Failures.NotFound;
}
