using System.Globalization;
using System.Net.ServerSentEvents;
using StackExchange.Redis;
using Xentree.Data;

namespace Xentree.Api.Features.Conversations;

/// <summary>
/// Where a stream is written down. Whose it is, is part of the key: who asks for another's stream asks for a key that there is not.
/// </summary>
internal readonly record struct ChatStreamKey(Owner Owner, Guid Id)
{
    /// <summary>The list of its events: name and data of event n at place n.</summary>
    public RedisKey Events => $"chat:{Name}";

    /// <summary>There while the replica that makes the answer is alive.</summary>
    public RedisKey Lease => $"chat:{Name}:alive";

    /// <summary>Where it is told that there are more events.</summary>
    public RedisChannel Channel => RedisChannel.Literal($"chat:{Name}");

    /// <summary>Whose it is and which.</summary>
    public string Name => $"{Owner.UserId:N}:{Owner.OrganizationId?.ToString("N") ?? "-"}:{Id:N}";

    /// <summary>An event as it is sent; its id names the stream too, so that it is all that a client must keep.</summary>
    public SseItem<string> Item(int number, string type, string json) => new(json, type) { EventId = string.Create(CultureInfo.InvariantCulture, $"{Id}:{number}") };

    /// <summary>The number of an event by its id; null for what is no id of an event of this stream.</summary>
    public int? NumberOf(string eventId) =>
        eventId.Split(':') is [var stream, var number] && Guid.TryParseExact(stream, "D", out var id) && id == Id
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed >= 1
            ? parsed
            : null;
}
