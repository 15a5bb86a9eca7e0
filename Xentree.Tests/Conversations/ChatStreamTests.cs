using System.Net;

namespace Xentree.Tests.Conversations;

/// <summary>Streams of answers on two replicas: taken up again, followed by several, stopped, and lost with the replica that made them.</summary>
public sealed class ChatStreamTests : IClassFixture<ChatStreamTests.Servers>
{
    private const string Path = "/api/core/chat";

    private static readonly (string, string) Continue = ("Prefer", "continue");

    private readonly Servers _api;

    public ChatStreamTests(Servers api)
    {
        _api = api;
        api.Model.Behaviour = OpenAIServer.Usual;
    }

    [Fact]
    public async Task An_answer_that_begins_on_one_replica_is_taken_up_on_another_and_goes_on_meanwhile()
    {
        using var user = await _api.SignInAsync();
        var rest = new TaskCompletionSource();
        _api.Model.Behaviour = async call =>
        {
            await call.SayAsync("One ", "two ");
            await rest.Task;
            await call.AnswerAsync("three.");
        };
        var id = await ConverseAsync(user);
        List<StreamEvent> first;
        string address;
        await using (var stream = await user.OpenAsync(HttpMethod.Post, Path, new { message = "Count.", conversation_id = id }, ("Prefer", "foo=1, Continue")))
        {
            Assert.Equal("continue", stream.Headers["Preference-Applied"]);
            (address, first) = (stream.Headers["Content-Location"], await stream.NextAsync(2));
        }

        using var elsewhere = user.On(_api.Other);
        await using var taken = await elsewhere.OpenAsync(HttpMethod.Get, address, null, ("Last-Event-ID", first[0].Id!));
        Assert.Equal(first[1], await taken.NextAsync());
        rest.SetResult();
        var last = await taken.RestAsync();

        Assert.Equal(["delta", "done"], last.Select(e => e.Type));
        Assert.Equal(("three.", "One two three."), (last[0]["content"].GetString(), last[1]["content"].GetString()));
        var streamId = address.Split('/')[^1];
        Assert.Equal([$"{streamId}:1", $"{streamId}:2", $"{streamId}:3", $"{streamId}:4"], first.Concat(last).Select(e => e.Id));
        Assert.Equal([("user", "Count.", "complete"), ("assistant", "One two three.", "complete")], await MessagesAsync(user, id));
    }

    [Fact]
    public async Task An_answer_that_ended_is_given_again_and_a_client_that_has_it_all_is_told_so()
    {
        using var user = await _api.SignInAsync();
        await using var stream = await user.OpenAsync(HttpMethod.Post, Path, new { message = "Hello." });
        var address = stream.Headers["Content-Location"];
        var events = await stream.RestAsync();

        using var elsewhere = user.On(_api.Other);
        await using var again = await elsewhere.OpenAsync(HttpMethod.Get, address);
        Assert.Equal(events, await again.RestAsync());
        await using var end = await elsewhere.OpenAsync(HttpMethod.Get, address, null, ("Last-Event-ID", events[^2].Id!));
        Assert.Equal(events[^1], Assert.Single(await end.RestAsync()));
        (await elsewhere.GetAsync(address, ("Last-Event-ID", events[^1].Id!))).ShouldBe(204);
    }

    [Fact]
    public async Task Several_follow_one_answer_and_hear_the_same()
    {
        using var user = await _api.SignInAsync();
        using var elsewhere = user.On(_api.Other);
        var (begun, rest) = (new TaskCompletionSource(), new TaskCompletionSource());
        _api.Model.Behaviour = async call =>
        {
            await call.SayAsync("Listen");
            begun.SetResult();
            await rest.Task;
            await call.AnswerAsync([.. Enumerable.Range(0, 300).Select(word => $" {word}")]);
        };
        await using var stream = await user.OpenAsync(HttpMethod.Post, Path, new { message = "Talk." });
        await begun.Task;

        await using var one = await user.OpenAsync(HttpMethod.Get, stream.Headers["Content-Location"]);
        await using var two = await elsewhere.OpenAsync(HttpMethod.Get, stream.Headers["Content-Location"]);
        var heard = Task.WhenAll(stream.RestAsync(), one.RestAsync(), two.RestAsync());
        rest.SetResult();

        var (first, second, third) = ((await heard)[0], (await heard)[1], (await heard)[2]);
        Assert.Equal((302, "done"), (first.Count, first[^1].Type));
        Assert.Equal(first, second);
        Assert.Equal(first, third);
    }

    [Fact]
    public async Task Without_the_preference_a_client_that_goes_stops_the_provider_and_finds_what_was_kept()
    {
        using var user = await _api.SignInAsync();
        var id = await ConverseAsync(user);
        _api.Model.Behaviour = async call =>
        {
            await call.SayAsync("As far as ", "this");
            await call.WaitUntilGoneAsync();
        };
        string address;
        await using (var stream = await user.OpenAsync(HttpMethod.Post, Path, new { message = "Hello.", conversation_id = id }))
        {
            address = stream.Headers["Content-Location"];
            await stream.NextAsync(2);
        }

        await _api.Model.Calls.Last().Gone.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        using var elsewhere = user.On(_api.Other);
        await using var taken = await elsewhere.OpenAsync(HttpMethod.Get, address);
        var events = await taken.RestAsync();

        Assert.Equal(["delta", "delta", "stopped"], events.Select(e => e.Type));
        Assert.Equal("As far as this", events[^1]["content"].GetString());
        var stored = (await user.GetAsync($"/api/core/conversations/{id}/messages")).Json[1];
        Assert.Equal(("stopped", "As far as this", events[^1]["message_id"].GetString()), (stored.GetProperty("status").GetString(), stored.GetProperty("content").GetString(), stored.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task An_answer_is_stopped_through_any_replica_and_everybody_who_listens_hears_it()
    {
        using var user = await _api.SignInAsync();
        using var elsewhere = user.On(_api.Other);
        var id = await ConverseAsync(user);
        _api.Model.Behaviour = async call =>
        {
            await call.SayAsync("On and on");
            await call.WaitUntilGoneAsync();
        };
        await using var stream = await user.OpenAsync(HttpMethod.Post, Path, new { message = "Talk.", conversation_id = id }, Continue);
        await stream.NextAsync(1);
        var address = stream.Headers["Content-Location"];
        await using var follower = await elsewhere.OpenAsync(HttpMethod.Get, address);

        (await elsewhere.DeleteAsync(address)).ShouldBe(204);

        await _api.Model.Calls.Last().Gone.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Equal("stopped", Assert.Single(await stream.RestAsync()).Type);
        Assert.Equal(["delta", "stopped"], (await follower.RestAsync()).Select(e => e.Type));
        Assert.Equal(("assistant", "On and on", "stopped"), (await MessagesAsync(user, id))[1]);
        (await user.DeleteAsync(address)).ShouldBe(204);
    }

    [Fact]
    public async Task A_waiting_client_that_prefers_so_may_go_and_finds_the_answer_under_its_idempotency_key()
    {
        using var user = await _api.SignInAsync();
        var id = await ConverseAsync(user);
        var (begun, rest) = (new TaskCompletionSource(), new TaskCompletionSource());
        _api.Model.Behaviour = async call =>
        {
            await call.SayAsync("Patience");
            begun.SetResult();
            await rest.Task;
            await call.AnswerAsync(" wins.");
        };
        var body = new { message = "Hello.", conversation_id = id };
        using var impatient = user.On(_api.Address);
        var asking = impatient.PostAsync(Path, body, Continue, ("Idempotency-Key", "once"));
        await begun.Task;
        impatient.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        var again = user.On(_api.Other).PostAsync(Path, body, Continue, ("Idempotency-Key", "once"));
        rest.SetResult();

        Assert.Equal("Patience wins.", (await again).ShouldBe(200)["content"].GetString());
        Assert.Equal("true", (await again).Headers["Idempotency-Replayed"]);
        Assert.Equal(2, (await MessagesAsync(user, id)).Count);
    }

    [Fact]
    public async Task To_anybody_else_a_stream_is_like_one_that_never_was()
    {
        using var user = await _api.SignInAsync();
        using var stranger = await _api.SignInAsync();
        using var key = await _api.KeyForAsync(user, "api:admin");
        await using var stream = await user.OpenAsync(HttpMethod.Post, Path, new { message = "Hello." });
        var (address, events) = (stream.Headers["Content-Location"], await stream.RestAsync());
        var never = $"/api/core/chat/streams/{Guid.CreateVersion7(_api.Clock.GetUtcNow())}";

        foreach (var (caller, path) in new[] { (stranger, address), (key, address), (user, never) })
        {
            Assert.Equal(404, (int)(await caller.GetAsync(path)).ShouldFail(404, "not_found").Status);
            (await caller.DeleteAsync(path)).ShouldFail(404, "not_found");
        }

        (await stranger.GetAsync(address, ("Last-Event-ID", events[0].Id!))).ShouldFail(404, "not_found");
        (await _api.Anonymous().GetAsync(address)).ShouldFail(401, "not_authenticated");
        foreach (var wrong in (string[])["1", "nonsense:1", events[0].Id!.Split(':')[0] + ":0", never.Split('/')[^1] + ":1"])
            (await user.GetAsync(address, ("Last-Event-ID", wrong))).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task A_stream_goes_when_its_time_is_over()
    {
        using var user = (await _api.SignInAsync()).On(await _api.StartReplicaAsync(new() { ["Chat:Streams:KeptSeconds"] = "1" }));
        await using var stream = await user.OpenAsync(HttpMethod.Post, Path, new { message = "Hello." });
        var address = stream.Headers["Content-Location"];
        await stream.RestAsync();

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Answer answer;
        while ((answer = await user.GetAsync(address)).Status != HttpStatusCode.NotFound) patience.Token.ThrowIfCancellationRequested();

        answer.ShouldFail(404, "not_found");
    }

    [Fact]
    public async Task Without_Redis_an_answer_goes_on_and_cannot_be_taken_up()
    {
        await using var redis = await _api.StartRedisAsync();
        using var user = (await _api.SignInAsync()).On(await _api.StartReplicaAsync(new() { ["ConnectionStrings:cache"] = redis.ConnectionString }));
        var (begun, rest) = (new TaskCompletionSource(), new TaskCompletionSource());
        _api.Model.Behaviour = async call =>
        {
            await call.SayAsync("Still ");
            begun.SetResult();
            await rest.Task;
            await call.AnswerAsync("here.");
        };
        await using var stream = await user.OpenAsync(HttpMethod.Post, Path, new { message = "Hello." });
        await begun.Task;

        await redis.StopAsync(TestContext.Current.CancellationToken);
        rest.SetResult();

        Assert.Equal("Still here.", (await stream.RestAsync())[^1]["content"].GetString());
        (await user.GetAsync(stream.Headers["Content-Location"])).ShouldFail(503, "dependency_unavailable");
        await using var next = await user.OpenAsync(HttpMethod.Post, Path, new { message = "Hello.", provider = "local" });
        Assert.Equal("done", (await next.RestAsync())[^1].Type);
    }

    [Fact]
    public async Task A_client_that_reads_nothing_holds_the_provider_up_and_loses_nothing()
    {
        const int enough = 4_096;
        using var user = await _api.SignInAsync();
        var word = new string('x', 16 * 1024);
        var said = 0;
        _api.Model.Behaviour = async call =>
        {
            for (; said < enough; said++) await call.SayAsync(word);
            await call.AnswerAsync("!");
        };
        await using var stream = await user.OpenAsync(HttpMethod.Post, Path, new { message = "Talk." });

        // Until nothing moves any more.
        for (var (seen, same) = (0, 0); same < 10; await Task.Delay(100, TestContext.Current.CancellationToken))
        {
            same = said == seen ? same + 1 : 0;
            seen = said;
        }

        Assert.InRange(said, 1, enough - 1);
        var stalledAt = said;
        var heard = await stream.NextAsync(Math.Min(stalledAt, 100));
        Assert.All(heard, e => Assert.Equal(word, e["content"].GetString()));
    }

    [Fact]
    public async Task A_killed_replica_leaves_a_whole_conversation_and_a_stream_that_ends()
    {
        using var user = await _api.SignInAsync();
        var id = await ConverseAsync(user);
        _api.Model.Behaviour = async call =>
        {
            await call.SayAsync("Then it ", "went ");
            await call.WaitUntilGoneAsync();
        };
        await using var process = await ApiProcess.StartAsync(_api.ProcessSettings);
        using var doomed = user.On(process.Address);
        await using var stream = await doomed.OpenAsync(HttpMethod.Post, Path, new { message = "Hello.", conversation_id = id }, Continue);
        var (address, first) = (stream.Headers["Content-Location"], await stream.NextAsync(2));
        await using var follower = await user.OpenAsync(HttpMethod.Get, address);
        Assert.Equal(first, await follower.NextAsync(2));

        await process.KillAsync();

        // Who was there already, and who comes later.
        var end = Assert.Single(await follower.RestAsync());
        Assert.Equal(("error", "provider_failed"), (end.Type, end["detail"].GetProperty("error").GetString()));
        await using var late = await user.On(_api.Other).OpenAsync(HttpMethod.Get, address, null, ("Last-Event-ID", first[0].Id!));
        Assert.Equal(["delta", "error"], (await late.RestAsync()).Select(e => e.Type));
        Assert.Equal([("user", "Hello.", "complete")], await MessagesAsync(user, id));

        _api.Model.Behaviour = OpenAIServer.Usual;
        (await user.PostAsync(Path, new { message = "Are you there?", conversation_id = id })).ShouldBe(200);
        Assert.Equal(3, (await MessagesAsync(user, id)).Count);
    }

    private static async Task<string> ConverseAsync(ApiClient user) => (await user.PostAsync("/api/core/conversations", new { })).ShouldBe(201)["id"].GetString()!;

    private static async Task<List<(string? Role, string? Content, string? Status)>> MessagesAsync(ApiClient user, string conversationId) =>
        [.. (await user.GetAsync($"/api/core/conversations/{conversationId}/messages")).ShouldBe(200).Json.EnumerateArray()
            .Select(m => (m.GetProperty("role").GetString(), m.GetProperty("content").GetString(), m.GetProperty("status").GetString()))];

    /// <summary>Two replicas of the API and a model.</summary>
    public sealed class Servers(EmbeddedServers servers) : ApiServer(servers)
    {
        private OpenAIServer? _model;

        public OpenAIServer Model => _model!;

        /// <summary>The second replica.</summary>
        public Uri Other { get; private set; } = null!;

        /// <summary>Settings of a replica in a process of its own.</summary>
        public Dictionary<string, string?> ProcessSettings { get; private set; } = [];

        protected override Dictionary<string, string?> Settings => new()
        {
            ["AI:Providers:lab:Kind"] = "openai-compatible",
            ["AI:Providers:lab:BaseUrl"] = Model.Address,
            ["AI:Providers:lab:Key"] = "lab-key",
            ["AI:Providers:lab:Models:0"] = "tiny",
        };

        public Task<LocalServer> StartRedisAsync() => Servers.StartRedisAsync();

        public override async ValueTask InitializeAsync()
        {
            _model = await OpenAIServer.StartAsync();
            await base.InitializeAsync();
            Other = await StartReplicaAsync();
            ProcessSettings = new(Settings)
            {
                ["environment"] = "Development",
                ["ConnectionStrings:xentree"] = Database,
                ["ConnectionStrings:cache"] = await Servers.RedisConnectionStringAsync(),
                ["ConnectionStrings:blobs"] = await Servers.BlobsConnectionStringAsync(),
                ["Encryption:Key"] = EncryptionKey,
            };
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (_model is not null) await _model.DisposeAsync();
        }
    }
}
