using Microsoft.AspNetCore.Http.HttpResults;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Learning;
using Xentree.Data.Live;

namespace Xentree.Api.Features.Live;

/// <summary>A live session that is to be started.</summary>
public sealed record LiveStartSessionRequest : IExample<LiveStartSessionRequest>
{
    /// <summary>How it is to be held.</summary>
    public required LiveSessionType SessionType { get; init; }

    /// <summary>The language to explain in; absent, the language of the account.</summary>
    [Language]
    public string? Language { get; init; }

    /// <inheritdoc/>
    public static LiveStartSessionRequest Example { get; } = new() { SessionType = LiveSessionType.Text, Language = "hr" };
}

internal static class StartLiveSession
{
    public static async Task<Results<Created<LiveSessionResponse>, Failure>> HandleAsync(
        LiveStartSessionRequest request, Caller caller, LiveSessions live, XentreeDbContext context, LearningRules rules, BusinessClock clock, HttpContext http,
        CancellationToken cancellation)
    {
        var (token, ticket) = SocketToken.Create(caller);
        return await live.StartAsync(caller.Owner, request.SessionType, request.Language, ticket, clock.Now, cancellation) switch
        {
            LiveOutcome.AlreadyActive => Failures.SessionAlreadyActive,
            LiveOutcome.QuotaExceeded(var nextIn) => Failures.LiveQuotaExceeded((int)Math.Ceiling(nextIn.TotalSeconds)),
            LiveOutcome.Stands(var row, _) => TypedResults.Created(
                (string?)null,
                LiveSessionResponse.Of(row, await context.NicknameAsync(caller.UserId, cancellation), rules.Live, token, LiveSessionResponse.SocketUrlOf(row.Id, http.Request))),
            _ => Failures.NotFound,
        };
    }
}
