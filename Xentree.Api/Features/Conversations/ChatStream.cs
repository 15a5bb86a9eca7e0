using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Threading.Channels;
using StackExchange.Redis;

namespace Xentree.Api.Features.Conversations;

/// <summary>
/// An answer that is sent as events, and written down for whoever takes it up again. Writing goes on beside the answer and never holds it
/// up: when Redis fails, the answer goes on and cannot be taken up, because a gap in it would go unseen.
/// </summary>
internal sealed class ChatStream : IAsyncDisposable
{
    // Words that come quicker than this are written together.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Channel<RedisValue> _events = Channel.CreateUnbounded<RedisValue>(new() { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _client;
    private int _last;

    public ChatStream(ChatStreamKey key, CancellationToken cancellation)
    {
        Key = key;
        _client = cancellation.UnsafeRegister(stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
        // Its place 0, so that there is a stream before there is an event.
        _events.Writer.TryWrite("");
    }

    /// <summary>Where it is written down.</summary>
    public ChatStreamKey Key { get; }

    /// <summary>Ends the answer: its client has gone, or somebody stopped it.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Adds an event.</summary>
    public SseItem<string> Append(string type, object data)
    {
        var json = JsonSerializer.Serialize(data, ApiJson.Options);
        _events.Writer.TryWrite($"{type}\n{json}");
        return Key.Item(++_last, type, json);
    }

    /// <summary>Stops the answer.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Writes the events down until there will be no more.</summary>
    public async Task WriteAsync(IDatabase redis, TimeSpan kept, TimeSpan lease)
    {
        try
        {
            var batch = new List<RedisValue>();
            while (await _events.Reader.WaitToReadAsync())
            {
                while (_events.Reader.TryRead(out var next)) batch.Add(next);
                var pushed = redis.ListRightPushAsync(Key.Events, [.. batch]);
                var renewed = RenewAsync(redis, kept, lease);
                await pushed;
                await renewed;
                await redis.PublishAsync(Key.Channel, RedisValue.EmptyString, CommandFlags.FireAndForget);
                batch.Clear();
                if (!_ended.Task.IsCompleted) await Task.WhenAny(Task.Delay(Pause), _ended.Task);
            }
        }
        finally
        {
            _events.Writer.TryComplete();
        }
    }

    /// <summary>Says that it is alive.</summary>
    public async Task RenewAsync(IDatabase redis, TimeSpan kept, TimeSpan lease)
    {
        var (keeping, leasing) = (redis.KeyExpireAsync(Key.Events, kept), redis.StringSetAsync(Key.Lease, RedisValue.EmptyString, lease));
        await keeping;
        await leasing;
    }

    /// <summary>There will be no more events.</summary>
    public async ValueTask DisposeAsync()
    {
        _events.Writer.TryComplete();
        _ended.TrySetResult();
        await _client.DisposeAsync();
    }
}
