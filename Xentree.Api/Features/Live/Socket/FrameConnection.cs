using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;

namespace Xentree.Api.Features.Live.Socket;

/// <summary>
/// Frames over a WebSocket. It sends from a queue that holds little, so that whoever reads slowly slows down what is made for them, and it
/// closes once, for the first reason that anybody gives.
/// </summary>
internal sealed class FrameConnection(WebSocket socket, TimeSpan sendPatience) : IDisposable
{
    /// <summary>How long a frame of the client may be.</summary>
    public const int MaxFrameBytes = 64 * 1024;

    private const int QueuedFrames = 64;

    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource<CloseReason?> _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<ServerFrame> _queue = Channel.CreateBounded<ServerFrame>(new BoundedChannelOptions(QueuedFrames) { SingleReader = true });

    /// <summary>Ends what is done for the connection.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Ends when somebody closes: with the reason, or with null when the client has gone.</summary>
    public Task<CloseReason?> Closing => _closing.Task;

    /// <summary>The name of a reason, as frames have it.</summary>
    public static string NameOf(CloseReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());

    /// <summary>Closes; null when the client has gone.</summary>
    public void Close(CloseReason? reason) => _closing.TrySetResult(reason);

    /// <summary>Ends what is done for the connection.</summary>
    public Task EndAsync() => _over.CancelAsync();

    /// <summary>Waits for room in the queue.</summary>
    public ValueTask WriteAsync(ServerFrame frame, CancellationToken cancellation) => _queue.Writer.WriteAsync(frame, cancellation);

    /// <summary>Waits for room in the queue; false when the connection is over.</summary>
    public async Task<bool> SendAsync(ServerFrame frame)
    {
        try
        {
            await _queue.Writer.WriteAsync(frame, Over);
            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            return false;
        }
    }

    /// <summary>Sends what is queued until <see cref="SayGoodbyeAsync"/> says that there will be no more.</summary>
    public async Task SendAllAsync()
    {
        try
        {
            await foreach (var frame in _queue.Reader.ReadAllAsync(CancellationToken.None))
            {
                var sent = socket.SendAsync(frame.ToJson(), WebSocketMessageType.Text, true, CancellationToken.None);
                try
                {
                    await sent.WaitAsync(sendPatience);
                }
                catch (TimeoutException)
                {
                    Close(CloseReason.SlowReader);
                    // One that reads on after all is told the reason.
                    await sent;
                    while (_queue.Reader.TryRead(out _))
                    {
                    }
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            Close(null);
        }
    }

    /// <summary>Reads a frame in one piece; one that is too long is read to its end and thrown away, and its length is -1.</summary>
    public async Task<(WebSocketMessageType Kind, int Length)> ReadAsync(byte[] buffer)
    {
        for (var (length, isTooLong) = (0, false); ;)
        {
            if (length == MaxFrameBytes) (length, isTooLong) = (0, true);
            var part = await socket.ReceiveAsync(buffer.AsMemory(length, MaxFrameBytes - length), CancellationToken.None);
            length += part.Count;
            if (part.EndOfMessage) return (part.MessageType, isTooLong ? -1 : length);
        }
    }

    /// <summary>Sends what is queued still, then the last frame and the close frame, and waits for the client's own.</summary>
    public async Task SayGoodbyeAsync(Task sending, Task reading, CloseReason? reason, Func<CloseReason, ServerFrame> last)
    {
        _queue.Writer.TryComplete();
        try
        {
            await sending.WaitAsync(ClosePatience);
            if (reason is { } why && socket.State is WebSocketState.Open)
            {
                await socket.SendAsync(last(why).ToJson(), WebSocketMessageType.Text, true, CancellationToken.None).WaitAsync(ClosePatience);
                await socket.CloseOutputAsync(StatusOf(why), NameOf(why), CancellationToken.None).WaitAsync(ClosePatience);
            }
            else if (socket.State is WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(ClosePatience);
            }

            // The client's own close frame, so that it sees the reason and not a connection that broke.
            await reading.WaitAsync(ClosePatience);
        }
        catch (Exception exception) when (exception is WebSocketException or TimeoutException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Gone already, or not reading: the connection is cut.
        }
    }

    /// <summary>Cuts the connection.</summary>
    public void Abort() => socket.Abort();

    /// <inheritdoc/>
    public void Dispose() => _over.Dispose();

    // Normal for what was to come; the others are the contract's own (RFC 6455, section 7.4.2).
    private static WebSocketCloseStatus StatusOf(CloseReason reason) => reason switch
    {
        CloseReason.ServerStopping => WebSocketCloseStatus.EndpointUnavailable,
        CloseReason.TooLarge => WebSocketCloseStatus.MessageTooBig,
        CloseReason.SlowReader => (WebSocketCloseStatus)4008,
        CloseReason.Replaced => (WebSocketCloseStatus)4009,
        CloseReason.SignedOut => (WebSocketCloseStatus)4001,
        _ => WebSocketCloseStatus.NormalClosure,
    };
}
