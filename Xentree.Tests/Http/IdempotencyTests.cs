using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Xentree.Tests.Http;

/// <summary>The contract's words on idempotency, clause by clause.</summary>
public sealed class IdempotencyTests(IdempotencyTests.ForwardingApi api) : IClassFixture<IdempotencyTests.ForwardingApi>
{
    private readonly string _run = ApiServer.UniqueName("run");
    private readonly string _key = ApiServer.UniqueName("key-");

    [Fact]
    public async Task The_same_key_and_body_replay_the_first_answer()
    {
        using var client = api.Anonymous();

        var first = (await RunAsync(client)).ShouldBe(201);
        var again = (await RunAsync(client)).ShouldBe(201);

        Assert.False(first.Headers.ContainsKey("Idempotency-Replayed"));
        Assert.Equal("true", again.Headers["Idempotency-Replayed"]);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.Headers["Location"], again.Headers["Location"]);
        Assert.Equal(first.Headers["Content-Type"], again.Headers["Content-Type"]);
        Assert.NotEqual(first.Headers["X-Request-Id"], again.Headers["X-Request-Id"]);
        Assert.Equal(1, api.Runs[_run]);
    }

    [Fact]
    public async Task It_is_replayed_on_every_replica()
    {
        using var client = api.Anonymous();
        using var other = api.Anonymous(await api.StartReplicaAsync());

        await RunAsync(client);

        Assert.Equal("true", (await RunAsync(other)).ShouldBe(201).Headers["Idempotency-Replayed"]);
    }

    [Fact]
    public async Task Another_body_is_a_conflict()
    {
        using var client = api.Anonymous();
        await RunAsync(client);

        (await RunAsync(client, body: """{"name":"b"}""")).ShouldFail(409, "idempotency_conflict");
        (await RunAsync(client, query: "&status=409")).ShouldFail(409, "idempotency_conflict");
        Assert.Equal(1, api.Runs[_run]);
    }

    [Fact]
    public async Task An_error_that_would_come_again_is_replayed()
    {
        using var client = api.Anonymous();

        (await RunAsync(client, query: "&status=409")).ShouldFail(409, "probe");
        var again = await RunAsync(client, query: "&status=409");

        Assert.Equal((HttpStatusCode.Conflict, "true"), (again.Status, again.Headers["Idempotency-Replayed"]));
        Assert.Equal(1, api.Runs[_run]);
    }

    [Fact]
    public async Task What_is_wrong_with_a_body_is_replayed_too()
    {
        using var client = api.Anonymous();

        (await RunAsync(client, body: "{")).ShouldFail(400, "malformed_body");

        var again = await RunAsync(client, body: "{");
        Assert.Equal((HttpStatusCode.BadRequest, "true"), (again.Status, again.Headers["Idempotency-Replayed"]));
        Assert.Equal("application/json; charset=utf-8", again.Headers["Content-Type"]);
        (await RunAsync(client)).ShouldFail(409, "idempotency_conflict");
    }

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_may_pass_is_not_kept(int status)
    {
        using var client = api.Anonymous();

        (await RunAsync(client, query: $"&status={status}")).ShouldFail(status, "probe");
        (await RunAsync(client, query: $"&status={status}")).ShouldFail(status, "probe");

        Assert.Equal(2, api.Runs[_run]);
    }

    [Fact]
    public async Task Two_at_once_run_once()
    {
        using var client = api.Anonymous();
        using var other = api.Anonymous(await api.StartReplicaAsync());
        var gate = api.Gates[_run] = new();

        var first = RunAsync(client);
        await UntilAsync(() => api.Runs.ContainsKey(_run));
        var second = RunAsync(other);
        gate.SetResult();

        Assert.False((await first).ShouldBe(201).Headers.ContainsKey("Idempotency-Replayed"));
        Assert.Equal("true", (await second).ShouldBe(201).Headers["Idempotency-Replayed"]);
        Assert.Equal(1, api.Runs[_run]);
    }

    [Fact]
    public async Task A_client_that_goes_finds_the_answer_when_it_asks_again()
    {
        var gate = api.Gates[_run] = new();
        using var http = new HttpClient { BaseAddress = api.Address };
        using var leaves = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/test/run?run={_run}") { Content = JsonContent.Create(new { name = "a" }) };
        request.Headers.Add("Idempotency-Key", _run);
        var first = http.SendAsync(request, leaves.Token);
        while (api.Runs.GetValueOrDefault(_run) == 0) await Task.Yield();

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();
        var again = (await api.Anonymous().PostAsync($"/test/run?run={_run}", new { name = "a" }, ("Idempotency-Key", _run))).ShouldBe(201);

        Assert.Equal(1, again["number"].GetInt32());
        Assert.Equal(1, api.Runs[_run]);
    }

    [Fact]
    public async Task Twenty_at_once_run_once()
    {
        using var client = api.Anonymous();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RunAsync(client)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        Assert.Single(answers, answer => !answer.Headers.ContainsKey("Idempotency-Replayed"));
        Assert.Equal(1, api.Runs[_run]);
    }

    [Fact]
    public async Task The_second_waits_ten_seconds_at_the_most()
    {
        await using var own = await api.AnotherAsync();
        using var client = own.Anonymous();
        var gate = own.Gates[_run] = new();
        var first = RunAsync(client);
        await UntilAsync(() => own.Runs.ContainsKey(_run));

        var second = RunAsync(client);
        await UntilAsync(() => CountAsync(own, "select count(*) from pg_stat_activity where query like '%idempotency_records%' and datname = current_database()"), atLeast: 1);
        while (!second.IsCompleted)
        {
            own.Clock.Advance(TimeSpan.FromSeconds(2));
            await Task.WhenAny(second, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        var refused = (await second).ShouldFail(409, "idempotency_in_progress");
        Assert.True(refused.Headers.ContainsKey("Retry-After"));
        gate.SetResult();
        (await first).ShouldBe(201);
        Assert.Equal(1, own.Runs[_run]);
    }

    [Fact]
    public async Task A_killed_process_blocks_its_key_for_a_minute_at_the_most()
    {
        await using var own = await api.AnotherAsync();
        using var client = own.Anonymous();
        (await RunAsync(client)).ShouldBe(201);
        // What a process leaves that was killed: a lease of 60 s, and no answer.
        await ExecuteAsync(own, "update idempotency_records set answer = null, lease_until = @p0", own.Clock.GetUtcNow().AddSeconds(60));
        own.Clock.Advance(TimeSpan.FromSeconds(61));

        (await RunAsync(client)).ShouldBe(201);

        Assert.Equal(2, own.Runs[_run]);
    }

    [Fact]
    public async Task Answers_are_kept_for_24_hours()
    {
        await using var own = await api.AnotherAsync();
        using var client = own.Anonymous();
        await RunAsync(client);

        own.Clock.Advance(TimeSpan.FromHours(23.9));
        Assert.True((await RunAsync(client)).Headers.ContainsKey("Idempotency-Replayed"));
        own.Clock.Advance(TimeSpan.FromHours(0.2));
        Assert.False((await RunAsync(client, body: """{"name":"b"}""")).ShouldBe(201).Headers.ContainsKey("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Keys_belong_to_their_caller()
    {
        using var anonymous = api.Anonymous();
        using var ana = await api.SignInAsync();
        using var ben = await api.SignInAsync();

        foreach (var client in (ApiClient[])[anonymous, ana, ben]) Assert.False((await RunAsync(client)).ShouldBe(201).Headers.ContainsKey("Idempotency-Replayed"));

        Assert.Equal(3, api.Runs[_run]);
    }

    [Fact]
    public async Task Without_a_caller_they_belong_to_the_address()
    {
        using var client = api.Anonymous();

        (await RunAsync(client, headers: ("X-Forwarded-For", "10.9.0.1"))).ShouldBe(201);
        Assert.False((await RunAsync(client, headers: ("X-Forwarded-For", "10.9.0.2"))).Headers.ContainsKey("Idempotency-Replayed"));
        Assert.True((await RunAsync(client, headers: ("X-Forwarded-For", "10.9.0.1"))).Headers.ContainsKey("Idempotency-Replayed"));
    }

    [Fact]
    public async Task A_multipart_body_is_the_same_whatever_its_boundary()
    {
        using var client = api.Anonymous();

        (await UploadAsync("the text")).ShouldBe(200);
        var again = (await UploadAsync("the text")).ShouldBe(200);

        Assert.Equal("true", again.Headers["Idempotency-Replayed"]);
        Assert.Equal("the text", again["content"].GetString());
        Assert.Equal(1, api.Runs[_run]);
        (await UploadAsync("another text")).ShouldFail(409, "idempotency_conflict");
        (await UploadAsync("the text", title: "another")).ShouldFail(409, "idempotency_conflict");
        (await UploadAsync("the text", fileName: "another.txt")).ShouldFail(409, "idempotency_conflict");

        async Task<Answer> UploadAsync(string text, string title = "title", string fileName = "file.txt")
        {
            using var content = new MultipartFormDataContent($"boundary-{ApiServer.UniqueName()}")
            {
                { new StringContent(text), "file", fileName },
                { new StringContent(title), "title" },
            };
            return await client.SendContentAsync(HttpMethod.Post, $"/test/file?run={_run}", content, headers: ("Idempotency-Key", _key));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(256)]
    public async Task A_key_has_1_to_255_characters(object key)
    {
        using var client = api.Anonymous();

        (await RunAsync(client, key: key is int length ? new string('k', length) : (string)key)).ShouldFail(400, "validation_failed");
        (await RunAsync(client, key: _key.PadRight(255, 'k'))).ShouldBe(201);
    }

    [Fact]
    public async Task An_operation_that_does_not_take_keys_ignores_them()
    {
        using var client = api.Anonymous();

        for (var i = 0; i < 2; i++)
        {
            var answer = (await client.PostAsync("/test/echo", new { name = "a" }, ("Idempotency-Key", _key))).ShouldBe(200);
            Assert.False(answer.Headers.ContainsKey("Idempotency-Replayed"));
        }
    }

    [Fact]
    public async Task Register_with_a_key_registers_once()
    {
        using var client = api.Anonymous();
        var name = ApiServer.UniqueName();
        var body = new { username = name, email = $"{name}@example.org", password = ApiClient.Password };

        var first = (await client.PostAsync("/api/auth/register", body, ("Idempotency-Key", _key))).ShouldBe(201);
        var again = (await client.PostAsync("/api/auth/register", body, ("Idempotency-Key", _key))).ShouldBe(201);

        Assert.Equal(first.Text, again.Text);
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync("/api/auth/register", body)).Status);
    }

    [Fact]
    public async Task What_is_stored_tells_nothing()
    {
        await using var own = await api.AnotherAsync();
        using var client = own.Anonymous();
        await RunAsync(client, body: """{"name":"the words of a learner"}""");
        (await client.PostAsync("/api/auth/register", new { username = "hidden.name", email = "hidden@example.org", password = ApiClient.Password }, ("Idempotency-Key", _key + "2"))).ShouldBe(201);

        await using var connection = new NpgsqlConnection(own.Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("select key_hash, request_hash, answer from idempotency_records", connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = 0;
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows++;
            Assert.Equal(32, ((byte[])reader[0]).Length);
            Assert.NotEqual(SHA256.HashData(Encoding.UTF8.GetBytes(_key)), (byte[])reader[0]);
            foreach (var stored in new[] { (byte[])reader[0], (byte[])reader[1], (byte[])reader[2] })
            {
                foreach (var plain in (string[])[_key, "hidden", "learner", "number", "application/json", "Location"])
                    Assert.Equal(-1, stored.AsSpan().IndexOf(Encoding.UTF8.GetBytes(plain)));
            }
        }

        Assert.Equal(2, rows);
    }

    private Task<Answer> RunAsync(ApiClient client, string body = """{"name":"a"}""", string query = "", string? key = null, params (string, string)[] headers) =>
        client.PostRawAsync($"/test/run?run={_run}{query}", body, headers: [("Idempotency-Key", key ?? _key), .. headers]);

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition() ? 1L : 0L), atLeast: 1);

    private static async Task UntilAsync(Func<Task<long>> value, long atLeast)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (await value() < atLeast) await Task.Delay(10, patience.Token);
    }

    private static async Task<long> CountAsync(ApiServer server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static async Task ExecuteAsync(ApiServer server, string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(server.Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"p{i}", values[i]);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public sealed class ForwardingApi(EmbeddedServers servers) : ProbeApi(servers)
    {
        protected override Dictionary<string, string?> Settings => new() { ["ForwardedHeaders:KnownProxies:0"] = "127.0.0.1" };

        /// <summary>A server of a test's own, whose clock it may move.</summary>
        public async Task<ForwardingApi> AnotherAsync()
        {
            var another = new ForwardingApi(Servers);
            await another.InitializeAsync();
            return another;
        }
    }
}
