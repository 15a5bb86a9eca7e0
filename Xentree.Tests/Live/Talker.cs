using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Xentree.Tests.Live;

/// <summary>A client on the socket of a live session. Every frame, sent and received, is held against the published description.</summary>
internal sealed class Talker : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[256 * 1024];

    /// <summary>Every frame that came.</summary>
    public List<JsonElement> Frames { get; } = [];

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    /// <summary>Starts a session and connects to it.</summary>
    public static async Task<(Talker Talker, Guid Session)> StartAsync(ApiClient user)
    {
        var started = (await user.PostAsync("/api/live/session/start", new { session_type = "text" })).ShouldBe(201);
        return (await ConnectAsync(started), started["session_id"].GetGuid());
    }

    /// <summary>Takes another token and connects.</summary>
    public static async Task<Talker> ReconnectAsync(ApiClient user, Guid session, int? after = null) =>
        await ConnectAsync((await user.PostAsync("/api/live/session/heartbeat", new { session_id = session })).ShouldBe(200), after);

    /// <summary>Connects with the token of an answer.</summary>
    public static async Task<Talker> ConnectAsync(Answer session, int? after = null)
    {
        var talker = new Talker();
        talker._socket.Options.AddSubProtocol("xentree.live");
        talker._socket.Options.AddSubProtocol(session["socket_token"].GetString()!);
        await talker._socket.ConnectAsync(
            new Uri(session["socket_url"].GetString()! + (after is { } seq ? $"?after={seq}" : "")), TestContext.Current.CancellationToken);
        Assert.Equal("xentree.live", talker._socket.SubProtocol);
        Assert.Equal("ready", TypeOf(await talker.ReceiveAsync()));
        return talker;
    }

    public Task SayAsync(string id, string text) => SendAsync(new { type = "turn", id, text });

    public Task PingAsync() => SendAsync(new { type = "ping" });

    /// <summary>Sends a frame that fits the description.</summary>
    public async Task SendAsync(object frame)
    {
        Assert.Null(LiveFrameSchema.MisfitOfSent(JsonSerializer.SerializeToElement(frame)));
        await SendRawAsync(JsonSerializer.Serialize(frame));
    }

    public Task SendRawAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), type, true, TestContext.Current.CancellationToken);

    /// <summary>The next frame.</summary>
    public async Task<JsonElement> ReceiveAsync() => await ReceiveOrCloseAsync() ?? throw new InvalidOperationException($"Closed: {CloseStatus} {CloseReason}");

    /// <summary>The next frame of a type; those before it are kept in <see cref="Frames"/>.</summary>
    public async Task<JsonElement> ReceiveAsync(string type)
    {
        while (true)
        {
            var frame = await ReceiveAsync();
            if (TypeOf(frame) == type) return frame;
        }
    }

    /// <summary>Reads to the end: the reason that the last frame gives.</summary>
    public async Task<string?> ReadToEndAsync()
    {
        while (await ReceiveOrCloseAsync() is not null)
        {
        }

        if (_socket.State == WebSocketState.CloseReceived) await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        return Frames.Count > 0 && TypeOf(Frames[^1]) == "closing" ? Frames[^1].GetProperty("reason").GetString() : null;
    }

    /// <summary>Says goodbye.</summary>
    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);

    /// <summary>Goes without a word.</summary>
    public void Abort() => _socket.Abort();

    public void Dispose() => _socket.Dispose();

    public static string TypeOf(JsonElement frame) => frame.GetProperty("type").GetString()!;

    private async Task<JsonElement?> ReceiveOrCloseAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        for (var length = 0; ;)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            length += part.Count;
            if (!part.EndOfMessage) continue;

            var frame = JsonDocument.Parse(_buffer.AsMemory(0, length).ToArray()).RootElement;
            Assert.Null(LiveFrameSchema.MisfitOfReceived(frame));
            Frames.Add(frame);
            return frame;
        }
    }
}
