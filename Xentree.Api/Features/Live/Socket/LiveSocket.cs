using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Xentree.Ai;
using Xentree.Api.Auth;
using Xentree.Api.Http.RateLimits;
using Xentree.Api.Spending;
using Xentree.Data;
using Xentree.Data.Conversations;
using Xentree.Data.Live;
using Xentree.Domain.Conversations;
using Xentree.Domain.Live;

namespace Xentree.Api.Features.Live.Socket;

/// <summary>
/// One connection that speaks for a session. Four things go on at once: it reads frames, one after another; it answers the newest turn; the
/// connection sends what is made; and it watches the clock. What is said is stored before it is confirmed, so nothing is held here that could
/// be lost.
/// </summary>
internal sealed partial class LiveSocket(
    FrameConnection connection,
    LiveSeated seated,
    LiveClock clock,
    LiveSocketOptions options,
    LiveRules rules,
    RateLimitOptions limits,
    Func<LiveSessionRow, LiveSessionResponse> show,
    HttpContext http,
    ChatRouter router,
    SharedState shared,
    ILogger<LiveSocket> logger) : IDisposable
{
    private const int MaxTextLength = 4_000;
    private const int MaxIdLength = 64;
    private const int ContextTurns = 40;
    private const int ReplayedAtOnce = 100;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly int[] WarnAt = [60, 10];

    private static readonly Meter Meter = new("Xentree.Api");
    private static readonly UpDownCounter<long> Open = Meter.CreateUpDownCounter<long>("xentree.live.sockets", description: "Open sockets of live sessions.");
    private static readonly Counter<long> Closed = Meter.CreateCounter<long>("xentree.live.closed", description: "Sockets that the server closed, by reason.");

    private readonly LiveSeat _seat = seated.Seat;

    private LiveSessionRow _session = seated.Session;
    private (string TurnId, Task Task, CancellationTokenSource Stop)? _reply;

    /// <summary>Talks until one of the two goes. Turns after <paramref name="after"/> are sent again first.</summary>
    public async Task RunAsync(int? after, CancellationToken stopping)
    {
        Open.Add(1);
        await using var stops = stopping.Register(() => connection.Close(CloseReason.ServerStopping));
        await using var gone = http.RequestAborted.Register(() => connection.Close(null));
        var (sending, watching, reading) = (connection.SendAllAsync(), WatchAsync(), ReadAllAsync(after));
        try
        {
            var reason = await connection.Closing;
            if (reason is { } told)
            {
                Closed.Add(1, new KeyValuePair<string, object?>("reason", FrameConnection.NameOf(told)));
                LogClosed(_seat.SessionId, told);
            }

            await connection.EndAsync();
            if (_reply is { } running) await running.Task;
            await watching;
            await connection.SayGoodbyeAsync(sending, reading, reason, why => new ServerFrame.Closing(why, show(_session)));
        }
        finally
        {
            connection.Abort();
            await Task.WhenAll(sending, reading);
            // One that a frame began while the connection was closing.
            if (_reply is { } reply) await reply.Task;
            Open.Add(-1);
        }
    }

    public void Dispose() => _reply?.Stop.Dispose();

    private async Task ReadAllAsync(int? after)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FrameConnection.MaxFrameBytes);
        try
        {
            if (!await connection.SendAsync(new ServerFrame.Ready(show(_session), seated.LastTurn))) return;
            if (after is { } seen) await ReplayAsync(seen);
            await ResumeAsync();
            while (true)
            {
                var (kind, length) = await connection.ReadAsync(buffer);
                if (kind == WebSocketMessageType.Close) break;
                if (connection.Closing.IsCompleted) continue;
                if (length < 0)
                {
                    connection.Close(CloseReason.TooLarge);
                    continue;
                }

                await HandleAsync(kind == WebSocketMessageType.Binary ? new ClientFrame.Audio() : ClientFrame.Read(buffer.AsSpan(0, length)));
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The connection broke.
        }
        catch (Exception exception)
        {
            Faults.Handle(exception, http);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            connection.Close(null);
        }
    }

    private async Task HandleAsync(ClientFrame? frame)
    {
        try
        {
            switch (frame)
            {
                case ClientFrame.Ping:
                    if (await HeardAsync(talk => talk.PingAsync(_seat, clock.Now, CancellationToken.None)) is not null) await connection.SendAsync(new ServerFrame.Pong(show(_session)));
                    break;
                case ClientFrame.Turn turn:
                    await HandleTurnAsync(turn);
                    break;
                case ClientFrame.Audio:
                    await connection.SendAsync(ServerFrame.Error.Of(Failures.ProviderUnavailable("No speech recogniser is configured: send the turn as text.") with { RetryAfter = null }));
                    break;
                default:
                    await connection.SendAsync(ServerFrame.Error.Of(Failures.MalformedBody with { Message = "A frame is a JSON object whose type is turn, ping or audio." }));
                    break;
            }
        }
        catch (Exception exception) when (exception is not (WebSocketException or OperationCanceledException))
        {
            await connection.SendAsync(ServerFrame.Error.Of(Faults.Handle(exception, http), (frame as ClientFrame.Turn)?.Id));
        }
    }

    private async Task HandleTurnAsync(ClientFrame.Turn turn)
    {
        var problem = turn.Id is not { Length: > 0 and <= MaxIdLength } ? $"id must have 1 to {MaxIdLength} characters."
            : turn.Text is not { Length: <= MaxTextLength } text || string.IsNullOrWhiteSpace(text) ? $"text must have 1 to {MaxTextLength:N0} characters and not be blank."
            : null;
        if (problem is not null)
        {
            await connection.SendAsync(ServerFrame.Error.Of(Failures.Validation("text", problem) with { Message = problem }, turn.Id is { Length: > MaxIdLength } ? null : turn.Id));
            return;
        }

        if (await shared.CountAsync(new Window($"limit:{RateLimitPolicy.Chat.Name}:u:{_seat.UserId:N}", RateLimitPolicy.Chat.Name, limits.Chat)) is { IsExceeded: true } exceeded)
        {
            await connection.SendAsync(ServerFrame.Error.Of(Failures.RateLimited(exceeded.ResetSeconds), turn.Id));
            return;
        }

        // Barge-in: what was said so far of the running reply is stored before the new turn.
        var isSaid = _reply is { Task.IsCompleted: false } running && running.TurnId == turn.Id;
        if (!isSaid && _reply is { } earlier) await StopAsync(earlier.Task, earlier.Stop);
        var heard = await HeardAsync(talk => talk.HearTurnAsync(_seat, turn.Id!, turn.Text!, clock.Now, CancellationToken.None));
        if (heard?.Turn is not { } stored) return;

        await connection.SendAsync(ServerFrame.Of(stored));
        // A turn that came again while it is answered.
        if (!isSaid) await AnswerAsync(stored);
    }

    // Answers a turn that has no reply yet; else its reply is sent again.
    private async Task AnswerAsync(LiveTurn turn)
    {
        var reply = await TalkAsync(async talk => (await talk.TurnsAfterAsync(_seat.SessionId, turn.Ordinal, ReplayedAtOnce, CancellationToken.None))
            .Find(other => other.Role == LiveRole.Ai && other.TurnId == turn.TurnId));
        if (reply is not null)
        {
            await connection.SendAsync(ServerFrame.Of(reply));
            return;
        }

        _reply?.Stop.Dispose();
        var stop = CancellationTokenSource.CreateLinkedTokenSource(connection.Over);
        _reply = (turn.TurnId!, ReplyAsync(turn, stop.Token), stop);
    }

    // A turn that another replica took and did not answer.
    private async Task ResumeAsync()
    {
        var last = await TalkAsync(talk => talk.TurnsUpToAsync(_seat.SessionId, int.MaxValue, 1, CancellationToken.None));
        if (last is [{ Role: LiveRole.User } unanswered]) await AnswerAsync(unanswered);
    }

    private async Task ReplayAsync(int after)
    {
        while (true)
        {
            var turns = await TalkAsync(talk => talk.TurnsAfterAsync(_seat.SessionId, after, ReplayedAtOnce, connection.Over));
            foreach (var turn in turns)
            {
                if (!await connection.SendAsync(ServerFrame.Of(turn))) return;
                after = turn.Ordinal;
            }

            if (turns.Count < ReplayedAtOnce) return;
        }
    }

    private static async Task StopAsync(Task reply, CancellationTokenSource stop)
    {
        await stop.CancelAsync();
        await reply;
    }

    private async Task ReplyAsync(LiveTurn turn, CancellationToken stop)
    {
        var (said, last, status) = (new StringBuilder(), default(ChatDelta), MessageStatus.Stopped);
        try
        {
            // Off the reader's path: a provider may take its time before it gives up the thread.
            await Task.Yield();
            try
            {
                var turns = await TalkAsync(talk => talk.TurnsUpToAsync(_seat.SessionId, turn.Ordinal, ContextTurns, stop));
                var talked = turns.Select(one => new ChatTurn(one.Role == LiveRole.User ? MessageRole.User : MessageRole.Assistant, one.Text)).ToList();
                await using var scope = http.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
                var budget = scope.ServiceProvider.GetRequiredService<AiSpending>().Of(new Owner(_seat.UserId, seated.Session.OrganizationId), seated.Plan);
                await foreach (var delta in router.StreamAsync(ChatRouter.Auto, new ChatTurns(talked, seated.Language) { Budget = budget }, stop))
                {
                    last = delta;
                    if (delta.Content.Length == 0) continue;
                    said.Append(delta.Content);
                    await connection.WriteAsync(new ServerFrame.Delta(turn.TurnId!, delta.Content), stop);
                }

                status = MessageStatus.Complete;
            }
            catch (Exception exception) when (stop.IsCancellationRequested && exception is OperationCanceledException or ChannelClosedException)
            {
                // The learner spoke, or went.
            }
            catch (ChatFailedException failed)
            {
                status = MessageStatus.Failed;
                await connection.SendAsync(ServerFrame.Error.Of(failed.IsUnavailable ? Failures.ProviderUnavailable(failed.Message) : Failures.ProviderFailed(failed.Message), turn.TurnId));
            }
            catch (FailureException refused)
            {
                status = MessageStatus.Failed;
                await connection.SendAsync(ServerFrame.Error.Of(refused.Failure, turn.TurnId));
            }

            if (said.Length == 0) return;

            // Not cancelled with the connection: what was said is kept when the learner has gone.
            var reply = new LiveTurnText(LiveRole.Ai, turn.TurnId!, said.ToString(), status, last!.Provider, last.Model);
            if (await TalkAsync(talk => talk.StoreReplyAsync(_seat, reply, clock.Now, CancellationToken.None)) is { } stored) await connection.SendAsync(ServerFrame.Of(stored));
        }
        catch (Exception exception)
        {
            await connection.SendAsync(ServerFrame.Error.Of(Faults.Handle(exception, http), turn.TurnId));
        }
    }

    // What a frame or the clock did to the session; null when it is over for this connection, which then closes.
    private async Task<LiveHeard?> HeardAsync(Func<LiveTalk, Task<LiveHeard?>> hear)
    {
        var heard = await TalkAsync(hear);
        if (heard is null)
        {
            connection.Close(CloseReason.SessionEnded);
            return null;
        }

        clock.Follow(heard.Now);
        return Stands(heard.Session, heard.IsReplaced, heard.IsSignedOut) ? heard : null;
    }

    private bool Stands(LiveSessionRow session, bool isReplaced, bool isSignedOut)
    {
        Volatile.Write(ref _session, session);
        if (isReplaced) connection.Close(CloseReason.Replaced);
        else if (isSignedOut) connection.Close(CloseReason.SignedOut);
        else if (session.Status == LiveStatus.Expired) connection.Close(CloseReason.LeaseExpired);
        else if (session.Status == LiveStatus.Ended) connection.Close(session.FinishedAt >= session.FinishExpiresAt ? CloseReason.QuotaEnded : CloseReason.SessionEnded);
        return !isReplaced && !isSignedOut && session.Status == LiveStatus.Active;
    }

    private async Task WatchAsync()
    {
        var (warned, sinceLook) = (int.MaxValue, 0);
        using var timer = new PeriodicTimer(Tick);
        try
        {
            while (await timer.WaitForNextTickAsync(connection.Over))
            {
                try
                {
                    if (++sinceLook >= options.LookSeconds)
                    {
                        sinceLook = 0;
                        await LookAsync();
                    }

                    var (now, session) = (clock.Now, Volatile.Read(ref _session));
                    var facts = session.ToSession();
                    var expiresAt = facts.ExpiresAt(session.QuotaSeconds);
                    if (facts.SettledAt(now, session.QuotaSeconds, rules).Finish is not null)
                    {
                        await HeardAsync(talk => talk.SettleAsync(_seat, now, connection.Over));
                        continue;
                    }

                    var left = (long)Math.Ceiling((expiresAt - now).TotalSeconds);
                    var threshold = WarnAt.Where(at => left <= at).DefaultIfEmpty(int.MaxValue).Min();
                    if (threshold >= warned) continue;
                    warned = threshold;
                    await connection.SendAsync(new ServerFrame.Warning(left, expiresAt));
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // The database is away: the next tick asks again.
                    Faults.Handle(exception, http);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Over.
        }
    }

    private async Task LookAsync()
    {
        if (await TalkAsync(talk => talk.LookAsync(_seat, connection.Over)) is not { } seen)
        {
            connection.Close(CloseReason.SessionEnded);
            return;
        }

        if (seen.SandboxNow is { } now) clock.Follow(now);
        Stands(seen.Session, seen.Session.SocketId != _seat.SocketId, seen.IsSignedOut);
    }

    // A scope for each step: steps of one connection go on at once, and a context serves one at a time.
    private async Task<T> TalkAsync<T>(Func<LiveTalk, Task<T>> step)
    {
        await using var scope = http.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        return await step(scope.ServiceProvider.GetRequiredService<LiveTalk>());
    }

    [LoggerMessage(LogLevel.Information, "The socket of the live session {SessionId} closes: {Reason}")]
    private partial void LogClosed(Guid sessionId, CloseReason reason);
}
