using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Xentree.Tests.Live;

/// <summary>The conversation of a live session over its socket.</summary>
public sealed class LiveSocketTests(LiveSocketTests.Server api) : IClassFixture<LiveSocketTests.Server>
{
    [Fact]
    public async Task The_description_is_served_as_it_is_in_git()
    {
        using var client = api.Anonymous();
        var served = (await client.GetAsync("/docs/live")).ShouldBe(200);

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/asyncapi.json"), TestContext.Current.CancellationToken), served.Text);
        Assert.StartsWith("3.", served["asyncapi"].GetString(), StringComparison.Ordinal);
        // Every message is in an operation, and leads to a schema.
        var messages = served["components"].GetProperty("messages").EnumerateObject().ToList();
        Assert.Equal(messages.Count, served["operations"].EnumerateObject().Sum(operation => operation.Value.GetProperty("messages").GetArrayLength()));
        Assert.All(messages, message => Assert.True(served["components"].GetProperty("schemas").TryGetProperty(message.Value.GetProperty("payload").GetProperty("$ref").GetString()!.Split('/')[^1], out _)));
        Assert.NotNull(LiveFrameSchema.MisfitOfReceived(JsonDocument.Parse("""{"type":"delta","content":"x"}""").RootElement));
    }

    [Fact]
    public async Task A_turn_is_stored_with_its_corrections_and_the_reply_streams_and_is_stored()
    {
        using var user = await api.SignInAsync();
        var (talker, session) = await Talker.StartAsync(user);
        using var _ = talker;

        await talker.SayAsync("t1", "She don't like apples.");
        var turn = await talker.ReceiveAsync("turn");
        var reply = await talker.ReceiveAsync("reply");

        Assert.Equal((1, "t1", "She don't like apples."), (turn.GetProperty("seq").GetInt32(), turn.GetProperty("turn_id").GetString(), turn.GetProperty("text").GetString()));
        var correction = Assert.Single(turn.GetProperty("corrections").EnumerateArray());
        Assert.Contains("doesn't", correction.GetProperty("replacements")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal((2, "t1", "complete", "local"), (reply.GetProperty("seq").GetInt32(), reply.GetProperty("turn_id").GetString(), reply.GetProperty("status").GetString(), reply.GetProperty("provider").GetString()));
        Assert.Equal(reply.GetProperty("text").GetString(), string.Concat(talker.Frames.Where(f => Talker.TypeOf(f) == "delta").Select(f => f.GetProperty("content").GetString())));

        var listed = Assert.Single((await user.GetAsync("/api/live/transcripts")).ShouldBe(200).Json.EnumerateArray());
        Assert.Equal((session, 2, JsonValueKind.Null), (listed.GetProperty("session_id").GetGuid(), listed.GetProperty("turn_count").GetInt32(), listed.GetProperty("session_ended_at").ValueKind));
        (await user.PostAsync("/api/live/session/end", new { session_id = session })).ShouldBe(200);
        Assert.Equal("session_ended", await talker.ReadToEndAsync());
        Assert.Equal((WebSocketCloseStatus.NormalClosure, "session_ended"), (talker.CloseStatus, talker.CloseReason));
        var transcript = (await user.GetAsync($"/api/live/transcripts/{listed.GetProperty("id").GetString()}")).ShouldBe(200);
        var found = Assert.Single((await user.GetAsync("/api/core/search?q=apples&type=transcript")).ShouldBe(200).Json.EnumerateArray());
        Assert.Equal(listed.GetProperty("id").GetString(), found.GetProperty("id").GetString());
        Assert.Equal(["user", "ai"], transcript["transcripts"].EnumerateArray().Select(t => t.GetProperty("role").GetString()));
        Assert.NotEqual(JsonValueKind.Null, transcript["session_ended_at"].ValueKind);
    }

    [Fact]
    public async Task A_token_works_once_and_for_60_seconds_and_for_its_own_session()
    {
        using var user = await api.SignInAsync();
        var started = (await user.PostAsync("/api/live/session/start", new { session_type = "text" })).ShouldBe(201);
        using (var first = await Talker.ConnectAsync(started)) await first.CloseAsync();

        Assert.Equal(401, await RefusedAsync(started["socket_url"].GetString()!, started["socket_token"].GetString()!));
        using var other = await api.SignInAsync();
        var others = (await other.PostAsync("/api/live/session/start", new { session_type = "text" })).ShouldBe(201);
        Assert.Equal(401, await RefusedAsync(started["socket_url"].GetString()!, others["socket_token"].GetString()!));
        Assert.Equal(401, await RefusedAsync(started["socket_url"].GetString()!, new string('A', 43)));
        (await user.PostAsync("/api/live/session/end", new { session_id = started["session_id"].GetGuid() })).ShouldBe(200);

        // The token in the address, for clients that cannot offer it as a subprotocol.
        using var plain = new ClientWebSocket();
        await plain.ConnectAsync(new Uri($"{others["socket_url"].GetString()}?token={others["socket_token"].GetString()}"), TestContext.Current.CancellationToken);
        Assert.Equal(WebSocketState.Open, plain.State);
        using var anonymous = api.Anonymous();
        (await anonymous.GetAsync($"/api/live/session/{others["session_id"].GetString()}/socket")).ShouldFail(400, "validation_failed");

        var late = (await other.PostAsync("/api/live/session/heartbeat", new { session_id = others["session_id"].GetGuid() })).ShouldBe(200);
        await ExecuteAsync("update live_socket_tokens set expires_at = expires_at - interval '60 seconds' where session_id = $1", others["session_id"].GetGuid());
        Assert.Equal(401, await RefusedAsync(late["socket_url"].GetString()!, late["socket_token"].GetString()!));
    }

    [Fact]
    public async Task A_new_turn_stops_the_running_reply_and_both_are_stored_in_order()
    {
        using var user = await api.SignInAsync();
        var (talker, session) = await Talker.StartAsync(user);
        using var _ = talker;

        await talker.SayAsync("t1", "I want to tell you about my day. It was long.");
        await talker.ReceiveAsync("turn");
        await talker.SayAsync("t2", "Stop! I have another question.");
        while (Talker.TypeOf(talker.Frames[^1]) != "reply" || talker.Frames[^1].GetProperty("turn_id").GetString() != "t2") await talker.ReceiveAsync();

        var stored = talker.Frames.Where(f => Talker.TypeOf(f) is "turn" or "reply").ToList();
        Assert.Equal(Enumerable.Range(1, stored.Count), stored.Select(f => f.GetProperty("seq").GetInt32()));
        Assert.Equal("complete", stored[^1].GetProperty("status").GetString());
        // However far the first reply came, none of it comes after the second turn.
        var second = talker.Frames.FindIndex(f => Talker.TypeOf(f) == "turn" && f.GetProperty("turn_id").GetString() == "t2");
        Assert.DoesNotContain(talker.Frames.Skip(second), f => Talker.TypeOf(f) is "delta" or "reply" && f.GetProperty("turn_id").GetString() == "t1");
    }

    [Fact]
    public async Task A_ping_is_a_heartbeat_and_says_what_is_left()
    {
        using var user = await api.SignInAsync(now: "2026-03-10T10:00:00Z");
        var (talker, session) = await Talker.StartAsync(user);
        using var _ = talker;
        user.Now = "2026-03-10T10:00:30Z";
        await user.GetAsync("/api/live/quota");

        // A sandbox user's clock runs from where it stood, and follows when a request moves it on.
        while (true)
        {
            await talker.PingAsync();
            var pong = (await talker.ReceiveAsync("pong")).GetProperty("session");
            if (pong.GetProperty("duration_seconds").GetInt32() < 30) continue;
            Assert.InRange(pong.GetProperty("remaining_seconds").GetInt32(), 1_740, 1_770);
            Assert.Equal("active", pong.GetProperty("status").GetString());
            break;
        }

        user.Now = null;
        var ended = (await user.PostAsync("/api/live/session/end", new { session_id = session })).ShouldBe(200);
        // Never shorter than its handled frames.
        Assert.InRange(ended["duration_seconds"].GetInt32(), 30, 60);
    }

    [Fact]
    public async Task It_warns_at_60_and_at_10_seconds_and_closes_with_a_reason_at_the_end_of_the_quota()
    {
        using var user = await api.SignInAsync(now: "2026-03-10T10:00:00Z");
        var (talker, session) = await Talker.StartAsync(user);
        using var _ = talker;
        // Near the end, a heartbeat at a time.
        for (var second = 40; second <= 1_760; second += 40)
        {
            user.Now = string.Create(CultureInfo.InvariantCulture, $"2026-03-10T10:{second / 60:00}:{second % 60:00}Z");
            (await user.PostAsync("/api/live/session/heartbeat", new { session_id = session })).ShouldBe(200);
        }

        Assert.InRange((await talker.ReceiveAsync("warning")).GetProperty("remaining_seconds").GetInt32(), 11, 60);
        user.Now = "2026-03-10T10:29:52Z";
        (await user.PostAsync("/api/live/session/heartbeat", new { session_id = session })).ShouldBe(200);
        Assert.InRange((await talker.ReceiveAsync("warning")).GetProperty("remaining_seconds").GetInt32(), 1, 10);
        user.Now = "2026-03-10T10:29:59Z";
        await user.GetAsync("/api/live/quota");

        Assert.Equal("quota_ended", await talker.ReadToEndAsync());
        Assert.Equal((WebSocketCloseStatus.NormalClosure, "quota_ended"), (talker.CloseStatus, talker.CloseReason));
        Assert.Equal(("ended", 1_800), (talker.Frames[^1].GetProperty("session").GetProperty("status").GetString(), talker.Frames[^1].GetProperty("session").GetProperty("duration_seconds").GetInt32()));
    }

    [Fact]
    public async Task Without_a_frame_the_lease_runs_out_and_the_socket_closes()
    {
        using var user = await api.SignInAsync(now: "2026-03-10T10:00:00Z");
        var (talker, _) = await Talker.StartAsync(user);
        using var __ = talker;
        user.Now = "2026-03-10T10:01:00Z";
        await user.GetAsync("/api/live/quota");

        Assert.Equal("lease_expired", await talker.ReadToEndAsync());
        Assert.Equal(0, talker.Frames[^1].GetProperty("session").GetProperty("duration_seconds").GetInt32());
    }

    [Fact]
    public async Task The_same_turn_sent_again_is_stored_and_answered_once()
    {
        using var user = await api.SignInAsync();
        var (talker, session) = await Talker.StartAsync(user);
        await talker.SayAsync("t1", "Hello there, my friend.");
        await talker.ReceiveAsync("reply");
        talker.Abort();

        using var again = await Talker.ReconnectAsync(user, session);
        await again.SayAsync("t1", "Hello there, my friend.");
        var turn = await again.ReceiveAsync("turn");
        var reply = await again.ReceiveAsync("reply");

        Assert.Equal((1, 2), (turn.GetProperty("seq").GetInt32(), reply.GetProperty("seq").GetInt32()));
        Assert.Equal(2, (await user.GetAsync("/api/live/transcripts")).Json[0].GetProperty("turn_count").GetInt32());
        talker.Dispose();
    }

    [Fact]
    public async Task A_replica_is_stopped_in_the_middle_and_the_other_goes_on_with_nothing_lost_or_doubled()
    {
        var replica = await api.StartReplicaAsync();
        var app = api.Replicas[^1];
        var users = new List<(ApiClient User, Talker Talker, Guid Session)>();
        for (var i = 0; i < 10; i++)
        {
            var user = await api.SignInAsync();
            using var there = user.On(replica);
            var (talker, session) = await Talker.StartAsync(there);
            users.Add((user, talker, session));
            await talker.SayAsync("t1", "I am agree with you.");
            await talker.ReceiveAsync("reply");
            // In the middle of this one, wherever that is.
            await talker.SayAsync("t2", "She have a informations for me.");
        }

        // Without a grace: connections are cut.
        try
        {
            await app.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // It did not wait for anybody.
        }

        foreach (var (user, talker, session) in users)
        {
            talker.Abort();
            using var again = await Talker.ReconnectAsync(user, session, after: 0);
            await again.SayAsync("t2", "She have a informations for me.");
            await again.SayAsync("t3", "And now?");
            while (Talker.TypeOf(again.Frames[^1]) != "reply" || again.Frames[^1].GetProperty("turn_id").GetString() != "t3") await again.ReceiveAsync();

            var stored = again.Frames.Where(f => Talker.TypeOf(f) is "turn" or "reply").DistinctBy(f => f.GetProperty("seq").GetInt32()).OrderBy(f => f.GetProperty("seq").GetInt32()).ToList();
            Assert.Equal(Enumerable.Range(1, stored.Count), stored.Select(f => f.GetProperty("seq").GetInt32()));
            Assert.Equal(["t1", "t2", "t3"], stored.Where(f => Talker.TypeOf(f) == "turn").Select(f => f.GetProperty("turn_id").GetString()));
            var ended = (await user.PostAsync("/api/live/session/end", new { session_id = session })).ShouldBe(200);
            Assert.Equal((int)(ended["ended_at"].GetDateTimeOffset() - ended["started_at"].GetDateTimeOffset()).TotalSeconds, ended["duration_seconds"].GetInt32());
            Assert.Equal(stored.Count, (await user.GetAsync("/api/live/transcripts")).Json[0].GetProperty("turn_count").GetInt32());
            talker.Dispose();
            user.Dispose();
        }
    }

    [Fact]
    public async Task A_turn_that_was_stored_and_not_answered_is_answered_after_a_reconnect()
    {
        using var user = await api.SignInAsync();
        var (talker, session) = await Talker.StartAsync(user);
        await talker.SayAsync("t1", "He go to school.");
        await talker.ReceiveAsync("reply");
        talker.Abort();
        talker.Dispose();
        // As if the process had been killed before it answered.
        await ExecuteAsync("delete from live_turns where role = 'Ai' and transcript_id in (select id from live_transcripts where session_id = $1)", session);
        await ExecuteAsync("update live_transcripts set turn_count = 1 where session_id = $1", session);

        using var again = await Talker.ReconnectAsync(user, session, after: 1);

        Assert.Equal("t1", (await again.ReceiveAsync("reply")).GetProperty("turn_id").GetString());
    }

    [Fact]
    public async Task A_later_connection_takes_over()
    {
        using var user = await api.SignInAsync();
        using var elsewhere = user.On(await api.StartReplicaAsync());
        var (first, session) = await Talker.StartAsync(user);
        using var _ = first;

        using var second = await Talker.ReconnectAsync(elsewhere, session);

        Assert.Equal("replaced", await first.ReadToEndAsync());
        Assert.Equal((WebSocketCloseStatus)4009, first.CloseStatus);
        await second.SayAsync("t1", "Hello, I am here now.");
        await second.ReceiveAsync("reply");
    }

    [Fact]
    public async Task A_log_out_ends_the_talk_by_the_next_frame_on_every_replica()
    {
        using var user = await api.SignInAsync();
        using var there = user.On(await api.StartReplicaAsync());
        var (talker, _) = await Talker.StartAsync(there);
        using var __ = talker;

        (await user.PostAsync("/api/auth/logout")).ShouldBe(204);
        await talker.SayAsync("t1", "Am I still here?");

        Assert.Equal("signed_out", await talker.ReadToEndAsync());
        Assert.Equal((WebSocketCloseStatus)4001, talker.CloseStatus);
    }

    [Fact]
    public async Task A_talk_that_says_nothing_ends_with_the_key_that_opened_it()
    {
        using var user = await api.SignInAsync();
        using var server = await api.KeyForAsync(user, "live:write", "live:read");
        var (talker, _) = await Talker.StartAsync(server);
        using var __ = talker;

        var key = Assert.Single((await user.GetAsync("/api/api-keys")).Json.EnumerateArray()).GetProperty("id").GetString();
        (await user.DeleteAsync($"/api/api-keys/{key}")).ShouldBe(204);

        // The clock of the connection looks: nothing has to be sent.
        Assert.Equal("signed_out", await talker.ReadToEndAsync());
    }

    [Fact]
    public async Task What_is_no_frame_is_answered_clearly_and_does_not_end_the_talk()
    {
        using var user = await api.SignInAsync();
        var (talker, _) = await Talker.StartAsync(user);
        using var __ = talker;

        foreach (var (sent, code) in ((string, string)[])
            [("nonsense", "malformed_body"), ("""{"type":"dance"}""", "malformed_body"), ("[]", "malformed_body"), ("null", "malformed_body"),
             ("""{"text":"a","type":"turn"}""", "validation_failed"), ("""{"type":"turn","id":"a","text":" "}""", "validation_failed"),
             ($$"""{"type":"turn","id":"a","text":"{{new string('a', 4_001)}}"}""", "validation_failed"), ("""{"type":"audio"}""", "provider_unavailable")])
        {
            await talker.SendRawAsync(sent);
            Assert.Equal(code, (await talker.ReceiveAsync()).GetProperty("error").GetString());
        }

        await talker.SendRawAsync("pcm", WebSocketMessageType.Binary);
        Assert.Equal("provider_unavailable", (await talker.ReceiveAsync()).GetProperty("error").GetString());
        await talker.PingAsync();
        await talker.ReceiveAsync("pong");
        await talker.SendRawAsync(new string('a', 100_000));
        Assert.Equal("too_large", await talker.ReadToEndAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, talker.CloseStatus);
    }

    [Fact]
    public async Task A_slow_reader_is_closed_and_not_buffered_without_end()
    {
        using var user = await api.SignInAsync();
        var (talker, session) = await Talker.StartAsync(user);
        await talker.SayAsync("t1", "Hello, I will read slowly.");
        await talker.ReceiveAsync("reply");
        talker.Abort();
        talker.Dispose();
        // More than any buffer between the two holds.
        await ExecuteAsync(
            """
            insert into live_turns (id, transcript_id, ordinal, role, text, timestamp, turn_id, status)
            select gen_random_uuid(), t.id, n, 'User', repeat('long ', 4000), now(), 's' || n, 'Complete' from live_transcripts t, generate_series(3, 2000) n where t.session_id = $1
            """, session);
        await ExecuteAsync("update live_transcripts set turn_count = 2000 where session_id = $1", session);
        var beat = (await user.PostAsync("/api/live/session/heartbeat", new { session_id = session })).ShouldBe(200);

        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "xentree.live.closed") self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (tags.Length > 0 && tags[0].Value is "slow_reader") closed.TrySetResult();
        });
        listener.Start();

        // A reader with a small window, who opens and then reads nothing.
        using var socket = new System.Net.Sockets.Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8_192 };
        var address = new Uri(beat["socket_url"].GetString()!);
        await socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {address.AbsolutePath}?after=0&token={beat["socket_token"].GetString()} HTTP/1.1\r\nHost: {address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"), TestContext.Current.CancellationToken);

        // The server gives up, although this end never read a byte.
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        var (read, buffer) = (0L, new byte[65_536]);
        try
        {
            for (int count; (count = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken)) > 0;) read += count;
        }
        catch (SocketException)
        {
            // Cut.
        }

        Assert.InRange(read, 1, 20_000_000);
    }

    [Fact]
    public async Task Saved_transcripts_are_listed_newest_first_and_are_their_owner_s()
    {
        using var user = await api.SignInAsync();
        using var stranger = await api.SignInAsync();
        var ids = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            var saved = (await user.PostAsync("/api/live/transcripts", Body(turns: i + 1))).ShouldBe(201);
            Assert.Equal($"/api/live/transcripts/{saved["id"].GetString()}", saved.Headers["Location"]);
            ids.Insert(0, saved["id"].GetString());
        }

        var page = (await user.GetAsync("/api/live/transcripts?limit=2")).ShouldBe(200);
        Assert.Equal(ids.Take(2), page.Each("id"));
        Assert.Equal(ids.Skip(2), (await user.GetAsync(page.Next!)).ShouldBe(200).Each("id"));
        Assert.Equal(["turn 1", "turn 2", "turn 3"], (await user.GetAsync($"/api/live/transcripts/{ids[0]}")).ShouldBe(200)["transcripts"].EnumerateArray().Select(t => t.GetProperty("text").GetString()));
        (await stranger.GetAsync($"/api/live/transcripts/{ids[0]}")).ShouldFail(404, "not_found");
        Assert.Empty((await stranger.GetAsync("/api/live/transcripts")).ShouldBe(200).Json.EnumerateArray());
        var theirs = (await stranger.PostAsync("/api/live/session/start", new { session_type = "text" })).ShouldBe(201)["session_id"].GetGuid();
        (await user.PostAsync("/api/live/transcripts", Body(1, theirs))).ShouldFail(404, "not_found");
        (await user.PostAsync("/api/live/transcripts", Body(5_000))).ShouldBe(201);
        (await user.PostAsync("/api/live/transcripts", Body(5_001))).ShouldFail(400, "validation_failed");
        (await user.PostRawAsync("/api/live/transcripts", """{"session_started_at":"2026-03-10T10:00:00Z","session_ended_at":"2026-03-10T09:00:00Z","transcripts":[]}""")).ShouldFail(400, "validation_failed");
        var exported = (await user.GetAsync("/api/auth/me/export")).ShouldBe(200);
        Assert.Equal((4, 5_006), (exported["live_transcripts"].GetArrayLength(), exported["live_turns"].GetArrayLength()));

        static object Body(int turns, Guid? session = null) => new
        {
            session_id = session,
            session_started_at = "2026-03-10T10:00:00Z",
            session_ended_at = "2026-03-10T10:05:00Z",
            transcripts = Enumerable.Range(1, turns).Select(n => new { role = n % 2 == 1 ? "user" : "ai", text = $"turn {n}", timestamp = "2026-03-10T10:00:01Z" }),
        };
    }

    private static async Task<int> RefusedAsync(string url, string token)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.AddSubProtocol("xentree.live");
        socket.Options.AddSubProtocol(token);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri(url), TestContext.Current.CancellationToken));
        return (int)socket.HttpStatusCode;
    }

    private async Task ExecuteAsync(string sql, Guid id)
    {
        await using var connection = new NpgsqlConnection(api.Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = id } } };
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A server that is quick to lose patience, and that looks often whether a session was ended elsewhere.</summary>
    public sealed class Server(EmbeddedServers servers) : ApiServer(servers)
    {
        protected override Dictionary<string, string?> Settings => new() { ["Live:SendSeconds"] = "2", ["Live:LookSeconds"] = "1" };
    }
}
