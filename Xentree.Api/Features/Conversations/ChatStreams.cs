using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Xentree.Data;
using Xentree.Domain;

namespace Xentree.Api.Features.Conversations;

/// <summary>
/// The streams of answers: those that this replica makes, and those of any replica that somebody takes up. Redis has no more of them than a
/// list of events each, which goes two minutes after the last, and a lease that the replica renews while it makes the answer.
/// </summary>
internal sealed class ChatStreams(
    IConnectionMultiplexer redis, IOptions<ChatStreamOptions> options, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    /// <summary>The event that every stream has many of; any other is its last.</summary>
    public const string Delta = "delta";

    private const int PageLength = 100;

    private static readonly RedisChannel Stops = RedisChannel.Literal("chat:stop");
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(1.5);
    // Should a message that there is more get lost, it is seen this much later.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, ChatStream> _made = [];
    private readonly TimeSpan _kept = TimeSpan.FromSeconds(options.Value.KeptSeconds);
    private readonly TimeSpan _lease = TimeSpan.FromSeconds(options.Value.LeaseSeconds);

    /// <summary>Begins a stream.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="client">Ends when the client goes; null where the answer is to go on without it.</param>
    public ChatStream Begin(Owner owner, CancellationToken? client)
    {
        var stream = new ChatStream(new ChatStreamKey(owner, time.NewId()), client ?? lifetime.ApplicationStopping);
        _made[stream.Key.Name] = stream;
        _ = WriteAsync(stream);
        return stream;
    }

    /// <summary>Looks for a stream, and whether anything comes after an event.</summary>
    /// <returns>Null where there is none, or no longer.</returns>
    public async Task<bool?> HasMoreAsync(ChatStreamKey key, int after)
    {
        var database = redis.GetDatabase();
        var (length, last) = (database.ListLengthAsync(key.Events), database.ListGetByIndexAsync(key.Events, after));
        return await length == 0 ? null : !IsLast(await last);
    }

    /// <summary>The events after one, those to come included.</summary>
    public async IAsyncEnumerable<SseItem<string>> FollowAsync(
        ChatStreamKey key, int after, HttpContext http, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var database = redis.GetDatabase();
        var subscription = await redis.GetSubscriber().SubscribeAsync(key.Channel);
        subscription.OnMessage(_ => { wake.Writer.TryWrite(true); });
        try
        {
            while (true)
            {
                // A page at a time, as fast as the client takes them.
                var (page, isAlive, failure) = (Array.Empty<RedisValue>(), true, default(Failure));
                try
                {
                    (page, isAlive) = await ReadAsync(database, key, after + 1);
                }
                catch (Exception exception) when (!cancellation.IsCancellationRequested)
                {
                    failure = Faults.Handle(exception, http);
                }

                foreach (var value in page)
                {
                    var (type, json) = Parse(value);
                    yield return key.Item(++after, type, json);
                    if (type != Delta) yield break;
                }

                if (!isAlive) failure = Failures.ProviderFailed("The server that made this answer has gone, and its answer broke off: send the message again.");
                if (failure is not null)
                {
                    yield return key.Item(after + 1, "error", JsonSerializer.Serialize(failure.ToError(http), ApiJson.Options));
                    yield break;
                }

                if (page.Length > 0) continue;
                await Task.WhenAny(wake.Reader.WaitToReadAsync(cancellation).AsTask(), Task.Delay(Look, cancellation));
                cancellation.ThrowIfCancellationRequested();
                wake.Reader.TryRead(out _);
            }
        }
        finally
        {
            await subscription.UnsubscribeAsync(CommandFlags.FireAndForget);
        }
    }

    /// <summary>Stops an answer, whichever replica makes it; false where there is no such stream.</summary>
    public async Task<bool> StopAsync(ChatStreamKey key)
    {
        if (!await redis.GetDatabase().KeyExistsAsync(key.Events)) return false;

        await redis.GetSubscriber().PublishAsync(Stops, key.Name);
        return true;
    }

    /// <summary>Renews the leases, and hears whom to stop.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Noted here, whether or not Redis answers just now.
        redis.GetSubscriber().Subscribe(Stops, (_, name) => { if (_made.TryGetValue(name.ToString(), out var stream)) stream.Stop(); }, CommandFlags.FireAndForget);
        using var timer = new PeriodicTimer(Renewal, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var stream in _made.Values) _ = RenewAsync(stream);
            }
        }
        catch (OperationCanceledException)
        {
            // The replica goes.
        }
    }

    // What is there is looked at once more after the lease has gone: its end may have been written between the two looks.
    private static async Task<(RedisValue[] Page, bool IsAlive)> ReadAsync(IDatabase database, ChatStreamKey key, int from)
    {
        var page = await database.ListRangeAsync(key.Events, from, from + PageLength - 1);
        if (page.Length > 0 || await database.KeyExistsAsync(key.Lease)) return (page, true);

        page = await database.ListRangeAsync(key.Events, from, from + PageLength - 1);
        return (page, page.Length > 0);
    }

    private async Task WriteAsync(ChatStream stream)
    {
        try
        {
            await stream.WriteAsync(redis.GetDatabase(), _kept, _lease);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // The answer goes on without; that Redis is away is told where every request sees it.
        }
        finally
        {
            _made.TryRemove(stream.Key.Name, out _);
        }
    }

    private async Task RenewAsync(ChatStream stream)
    {
        try
        {
            await stream.RenewAsync(redis.GetDatabase(), _kept, _lease);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // There are two renewals more until it ends.
        }
    }

    private static bool IsGone(Exception exception) => exception is RedisException or TimeoutException or OperationCanceledException or InvalidOperationException;

    private static bool IsLast(RedisValue value) => value.HasValue && value.ToString() is { Length: > 0 } text && !text.StartsWith(Delta + "\n", StringComparison.Ordinal);

    private static (string Type, string Json) Parse(RedisValue value)
    {
        var text = value.ToString();
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return (text[..end], text[(end + 1)..]);
    }
}
