using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Xentree.Tests.Conversations;

/// <summary>Chat with a provider that speaks OpenAI's wire format: what it is sent, and what happens when it fails, stops or is silent.</summary>
public sealed class ChatProviderTests : IClassFixture<ChatProviderTests.Servers>
{
    private const string Path = "/api/core/chat";

    private readonly Servers _api;

    public ChatProviderTests(Servers api)
    {
        _api = api;
        api.Model.Behaviour = OpenAIServer.Usual;
    }

    [Fact]
    public async Task Providers_are_listed_in_the_order_of_auto_with_what_is_missing()
    {
        using var user = await _api.SignInAsync();

        var providers = (await user.GetAsync("/api/core/providers")).ShouldBe(200).Json.EnumerateArray()
            .Select(p => (Id: p.GetProperty("id").GetString(), Model: p.GetProperty("default_model").GetString(), Available: p.GetProperty("available").GetBoolean(), Default: p.GetProperty("is_default").GetBoolean()));

        Assert.Equal([("openai", "gpt", false, false), ("lab", "tiny-2", true, true), ("local", "rules-1", true, false)], providers);
    }

    [Fact]
    public async Task The_model_gets_the_conversation_the_language_and_the_key()
    {
        using var user = await _api.SignInAsync();
        var id = (await user.PostAsync("/api/core/conversations", new { }))["id"].GetString();
        await user.PostAsync(Path, new { message = "My name is Ana.", conversation_id = id, user_language = "hr" });

        var answer = (await user.PostAsync(Path, new { message = "What is my name?", conversation_id = id, user_language = "hr" })).ShouldBe(200);

        Assert.Equal(("Hello from the model.", "lab", "tiny-2"), (answer["content"].GetString(), answer["provider"].GetString(), answer["model"].GetString()));
        Assert.Equal((11, 7, 18), (Usage(answer, "prompt_tokens"), Usage(answer, "completion_tokens"), Usage(answer, "total_tokens")));
        var call = _api.Model.Calls.Last();
        Assert.Equal("Bearer lab-key", call.Authorization);
        Assert.Equal("tiny-2", call.Request.GetProperty("model").GetString());
        Assert.True(call.Request.GetProperty("stream").GetBoolean());
        Assert.True(call.Request.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        Assert.Equal("system", call.Messages[0].Role);
        Assert.Contains("\"hr\"", call.Messages[0].Content, StringComparison.Ordinal);
        Assert.Equal([("user", "My name is Ana."), ("assistant", "Hello from the model."), ("user", "What is my name?")], call.Messages[1..]);
    }

    [Fact]
    public async Task A_history_of_the_clients_own_is_the_context()
    {
        using var user = await _api.SignInAsync();
        var history = new[] { new { role = "system", content = "We talk about food." }, new { role = "user", content = "Hi." }, new { role = "assistant", content = "Hello." } };

        (await user.PostAsync(Path, new { message = "And now?", conversation_history = history })).ShouldBe(200);

        Assert.Equal([("system", "We talk about food."), ("user", "Hi."), ("assistant", "Hello."), ("user", "And now?")], _api.Model.Calls.Last().Messages[1..]);
    }

    [Fact]
    public async Task The_first_words_arrive_before_the_last_are_made()
    {
        using var user = await _api.SignInAsync();
        var rest = new TaskCompletionSource();
        _api.Model.Behaviour = async call =>
        {
            await call.SayAsync("First");
            await rest.Task;
            await call.AnswerAsync(" last");
        };

        var events = new List<string>();
        await foreach (var (type, data) in user.EventsAsync(Path, new { message = "Hello." }, TestContext.Current.CancellationToken))
        {
            events.Add($"{type} {data.GetProperty("content").GetString()}");
            rest.TrySetResult();
        }

        Assert.Equal(["delta First", "delta  last", "done First last"], events);
    }

    [Theory]
    [InlineData(400, 1)]
    [InlineData(401, 1)]
    [InlineData(429, 3)]
    [InlineData(500, 3)]
    public async Task Auto_passes_over_a_provider_that_fails_before_its_first_word(int status, int tries)
    {
        using var user = await _api.SignInAsync();
        var calls = _api.Model.Calls.Count;
        _api.Model.Behaviour = call => call.FailAsync(status, "no");

        var answer = (await user.PostAsync(Path, new { message = "He go home." })).ShouldBe(200);

        Assert.Equal("local", answer["provider"].GetString());
        Assert.Equal(calls + tries, _api.Model.Calls.Count);
    }

    [Fact]
    public async Task Auto_passes_over_a_provider_that_cuts_the_connection_or_says_nothing_sensible()
    {
        using var user = await _api.SignInAsync();
        foreach (var behaviour in (Func<OpenAICall, Task>[])[call => Do(call.Cut), call => call.AnswerAsync(), call => call.FailAsync(200, "not a chunk")])
        {
            _api.Model.Behaviour = behaviour;

            Assert.Equal("local", (await user.PostAsync(Path, new { message = "Hello." })).ShouldBe(200)["provider"].GetString());
        }
    }

    [Fact]
    public async Task Auto_passes_over_a_provider_that_is_silent_for_too_long()
    {
        using var user = (await _api.SignInAsync()).On(await _api.StartReplicaAsync(new() { ["AI:SilenceSeconds"] = "1" }));
        _api.Model.Behaviour = call => call.WaitUntilGoneAsync();

        Assert.Equal("local", (await user.PostAsync(Path, new { message = "Hello." })).ShouldBe(200)["provider"].GetString());

        await _api.Model.Calls.Last().Gone.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_provider_that_was_asked_for_by_name_is_not_replaced_and_the_learners_turn_is_kept()
    {
        using var user = await _api.SignInAsync();
        var id = (await user.PostAsync("/api/core/conversations", new { provider = "lab" }))["id"].GetString();
        _api.Model.Behaviour = call => call.FailAsync(500, "secret words of the provider");

        var answer = (await user.PostAsync(Path, new { message = "Hello.", conversation_id = id })).ShouldFail(502, "provider_failed");
        var events = await user.EventsAsync(Path, new { message = "Hello again.", conversation_id = id }, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain("secret words", answer.Text, StringComparison.Ordinal);
        var (type, error) = Assert.Single(events);
        Assert.Equal(("error", "provider_failed"), (type, error.GetProperty("detail").GetProperty("error").GetString()));
        Assert.Equal([("user", "Hello.", "complete"), ("user", "Hello again.", "complete")], await MessagesAsync(user, id));
    }

    [Fact]
    public async Task An_answer_that_is_cut_after_its_first_word_is_an_error_and_its_words_are_kept()
    {
        using var user = await _api.SignInAsync();
        foreach (var cut in (Func<OpenAICall, Task>[])[call => Do(call.Cut), _ => Task.CompletedTask])
        {
            var id = (await user.PostAsync("/api/core/conversations", new { }))["id"].GetString();
            var seen = new TaskCompletionSource();
            _api.Model.Behaviour = async call =>
            {
                await call.SayAsync("Half an ", "answer");
                await seen.Task;
                await cut(call);
            };

            var types = new List<string>();
            await foreach (var (type, data) in user.EventsAsync(Path, new { message = "Hello.", conversation_id = id }, TestContext.Current.CancellationToken))
            {
                types.Add(type);
                if (type == "error") Assert.Equal("provider_failed", data.GetProperty("detail").GetProperty("error").GetString());
                if (types.Count == 2) seen.SetResult();
            }

            Assert.Equal(["delta", "delta", "error"], types);
            Assert.Equal([("user", "Hello.", "complete"), ("assistant", "Half an answer", "failed")], await MessagesAsync(user, id));
        }
    }

    [Fact]
    public async Task A_stream_that_ended_with_an_error_is_not_replayed()
    {
        using var user = await _api.SignInAsync();
        var body = new { message = "Hello.", provider = "lab" };
        _api.Model.Behaviour = call => call.FailAsync(500, "no");
        var first = await user.EventsAsync(Path, body, TestContext.Current.CancellationToken, ("Idempotency-Key", "k")).ToListAsync(TestContext.Current.CancellationToken);
        _api.Model.Behaviour = call => call.AnswerAsync("Hi.");

        var second = await user.EventsAsync(Path, body, TestContext.Current.CancellationToken, ("Idempotency-Key", "k")).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal("error", first[^1].Event);
        Assert.Equal("done", second[^1].Event);
    }

    [Fact]
    public async Task A_client_that_leaves_a_stream_stops_the_provider_and_what_was_said_is_kept()
    {
        using var user = await _api.SignInAsync();
        var id = (await user.PostAsync("/api/core/conversations", new { }))["id"].GetString();
        _api.Model.Behaviour = async call =>
        {
            await call.SayAsync("As far as ", "this");
            await call.WaitUntilGoneAsync();
        };

        var heard = 0;
        await foreach (var _ in user.EventsAsync(Path, new { message = "Hello.", conversation_id = id }, TestContext.Current.CancellationToken))
        {
            if (++heard == 2) break;
        }

        await _api.Model.Calls.Last().Gone.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        var messages = await EventuallyAsync(() => MessagesAsync(user, id), m => m.Count == 2);
        Assert.Equal([("user", "Hello.", "complete"), ("assistant", "As far as this", "stopped")], messages);
    }

    [Fact]
    public async Task A_client_that_does_not_wait_stops_the_provider_and_its_message_is_kept()
    {
        using var user = await _api.SignInAsync();
        var id = (await user.PostAsync("/api/core/conversations", new { }))["id"].GetString();
        var begun = new TaskCompletionSource();
        _api.Model.Behaviour = async call =>
        {
            await call.SayAsync("As far as ", "this");
            begun.SetResult();
            await call.WaitUntilGoneAsync();
        };
        using var impatient = user.On(_api.Address);
        var asking = impatient.PostAsync(Path, new { message = "Hello.", conversation_id = id });
        await begun.Task;

        impatient.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        await _api.Model.Calls.Last().Gone.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        // How much of the answer had arrived by then is chance: some, all, or nothing of it is kept, and never as a whole answer.
        var messages = await MessagesAsync(user, id);
        Assert.Equal(("user", "Hello.", "complete"), messages[0]);
        Assert.All(messages.Skip(1), answer => Assert.True(answer.Item3 == "stopped" && "As far as this".StartsWith(answer.Item2!, StringComparison.Ordinal), answer.ToString()));
    }

    [Fact]
    public async Task A_provider_without_its_key_is_unavailable_and_nothing_is_stored()
    {
        using var user = await _api.SignInAsync();
        var id = (await user.PostAsync("/api/core/conversations", new { }))["id"].GetString();

        var answer = (await user.PostAsync(Path, new { message = "Hello.", provider = "openai", conversation_id = id })).ShouldFail(503, "provider_unavailable");

        Assert.Contains("AI:Providers:openai:Key", answer["detail"].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(await MessagesAsync(user, id));
    }

    [Fact]
    public async Task Traces_and_metrics_tell_the_tokens_and_not_the_text()
    {
        using var user = await _api.SignInAsync();
        var spans = new List<Activity>();
        using var traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Xentree.Ai",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => { lock (spans) spans.Add(span); },
        };
        ActivitySource.AddActivityListener(traces);
        var tokens = new List<(long Count, string? Kind)>();
        using var metrics = new MeterListener();
        metrics.InstrumentPublished = (instrument, listener) => { if (instrument is { Meter.Name: "Xentree.Ai", Name: "xentree.ai.tokens" }) listener.EnableMeasurementEvents(instrument); };
        metrics.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            var all = tags.ToArray().ToDictionary();
            if (all["provider"] is "lab") lock (tokens) tokens.Add((count, all["kind"] as string));
        });
        metrics.Start();

        var answer = await user.PostAsync(Path, new { message = "A very private matter." });

        Activity span;
        lock (spans) span = Assert.Single(spans, s => s.TraceId.ToHexString() == answer.Headers["X-Request-Id"]);
        Assert.Equal(("lab", 11, 7), (span.GetTagItem("gen_ai.provider.name"), span.GetTagItem("gen_ai.usage.input_tokens"), span.GetTagItem("gen_ai.usage.output_tokens")));
        Assert.DoesNotContain(span.TagObjects, tag => $"{tag.Value}".Contains("private", StringComparison.Ordinal) || $"{tag.Value}".Contains("Hello", StringComparison.Ordinal));
        lock (tokens) Assert.Equal([(11, "prompt"), (7, "completion")], tokens);
    }

    [Fact]
    public async Task A_conversation_that_is_deleted_meanwhile_is_not_found_at_the_end()
    {
        using var user = await _api.SignInAsync();
        var id = (await user.PostAsync("/api/core/conversations", new { }))["id"].GetString();
        _api.Model.Behaviour = async call =>
        {
            (await user.DeleteAsync($"/api/core/conversations/{id}")).ShouldBe(204);
            await call.AnswerAsync("Too late.");
        };

        var events = await user.EventsAsync(Path, new { message = "Hello.", conversation_id = id }, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("error", "not_found"), (events[^1].Event, events[^1].Data.GetProperty("detail").GetProperty("error").GetString()));
    }

    [Fact]
    public async Task The_sample_streams_an_answer()
    {
        var start = new ProcessStartInfo(System.IO.Path.Combine(Repository.Root, "samples", "chat.sh"), ["He \"go\" home.\nI has a dog."]) { RedirectStandardOutput = true };
        start.Environment["XENTREE_API"] = _api.Address.ToString().TrimEnd('/');
        _api.Model.Behaviour = call => call.AnswerAsync("You said: ", call.Messages[^1].Content);

        using var sample = Process.Start(start)!;
        var output = await sample.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await sample.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, sample.ExitCode);
        Assert.StartsWith("You:   He \"go\" home.\nI has a dog.\n\nYou said: He \"go\" home.\nI has a dog.\n\n(lab, model tiny-2)\n", output, StringComparison.Ordinal);
        Assert.Contains("Found:  ", output, StringComparison.Ordinal);
    }

    private static int Usage(Answer answer, string name) => answer["usage"].GetProperty(name).GetInt32();

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static async Task<List<(string? Role, string? Content, string? Status)>> MessagesAsync(ApiClient user, string? conversationId) =>
        [.. (await user.GetAsync($"/api/core/conversations/{conversationId}/messages")).ShouldBe(200).Json.EnumerateArray()
            .Select(m => (m.GetProperty("role").GetString(), m.GetProperty("content").GetString(), m.GetProperty("status").GetString()))];

    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            var answer = await ask();
            if (isSo(answer) || patience.IsCancellationRequested) return answer;
        }
    }

    /// <summary>The API with a model beside the rules, and OpenAI without a key.</summary>
    public sealed class Servers(EmbeddedServers servers) : ApiServer(servers)
    {
        private OpenAIServer? _model;

        public OpenAIServer Model => _model!;

        protected override Dictionary<string, string?> Settings => new()
        {
            ["AI:Providers:lab:Kind"] = "openai-compatible",
            ["AI:Providers:lab:BaseUrl"] = Model.Address,
            ["AI:Providers:lab:Key"] = "lab-key",
            ["AI:Providers:lab:Models:0"] = "tiny-1",
            ["AI:Providers:lab:Models:1"] = "tiny-2",
            ["AI:Providers:lab:DefaultModel"] = "tiny-2",
            ["AI:Providers:openai:Models:0"] = "gpt",
            ["AI:Providers:openai:Priority"] = "1",
            // Many of these tests let the model fail, at once.
            ["AI:BreakerFailures"] = "1000",
        };

        public override async ValueTask InitializeAsync()
        {
            _model = await OpenAIServer.StartAsync();
            await base.InitializeAsync();
        }
    }
}
