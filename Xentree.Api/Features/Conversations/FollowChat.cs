using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Xentree.Api.Auth;

namespace Xentree.Api.Features.Conversations;

internal static class FollowChat
{
    private const string LastEventId = "Last-Event-ID";

    public static async Task<Results<ServerSentEventsResult<string>, NoContent, Failure>> HandleAsync(
        Guid streamId,
        [FromHeader(Name = LastEventId), Description("The `id` of the last event that you have; absent for all of them.")] string? lastEventId,
        Caller caller,
        ChatStreams streams,
        HttpContext http)
    {
        var key = new ChatStreamKey(caller.Owner, streamId);
        var after = 0;
        if (lastEventId is { Length: > 0 })
        {
            if (key.NumberOf(lastEventId) is not { } number) return Failures.Validation(LastEventId, "is not the id of an event of this stream");

            after = number;
        }

        return await streams.HasMoreAsync(key, after) switch
        {
            null => Failures.NotFound,
            // Tells an EventSource not to come back.
            false => TypedResults.NoContent(),
            true => TypedResults.ServerSentEvents(streams.FollowAsync(key, after, http)),
        };
    }
}

internal static class StopChat
{
    public static async Task<Results<NoContent, Failure>> HandleAsync(Guid streamId, Caller caller, ChatStreams streams) =>
        await streams.StopAsync(new ChatStreamKey(caller.Owner, streamId)) ? TypedResults.NoContent() : Failures.NotFound;
}
