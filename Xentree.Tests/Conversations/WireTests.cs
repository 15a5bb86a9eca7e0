using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xentree.Ai;
using Xentree.Domain.Conversations;

namespace Xentree.Tests.Conversations;

/// <summary>Each kind of provider against a server that speaks its wire format.</summary>
public sealed class WireTests
{
    private static readonly JsonElement Schema =
        JsonElement.Parse("""{"type": "object", "properties": {"days": {"type": "integer", "description": "How many days."}}, "required": ["days"]}""");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kinds => [.. Wire.All.Keys];

    public static TheoryData<string, string> RequestPaths => new()
    {
        { "openai", "/v1/chat/completions" },
        { "openai-compatible", "/v1/chat/completions" },
        { "azure-openai", "/openai/deployments/tiny/chat/completions?api-version=" },
        { "anthropic", "/v1/messages" },
        { "ollama", "/api/chat" },
    };

    [Theory]
    [MemberData(nameof(RequestPaths))]
    public async Task A_chat_is_asked_as_the_provider_wants_it(string kind, string path)
    {
        await using var provider = await StartAsync(kind);

        await SayAsync(provider.Router, new ChatTurns([new(MessageRole.User, "One."), new(MessageRole.Assistant, "Two."), new(MessageRole.User, "Three?")], "hr"));

        var call = Assert.Single(provider.Server.Calls);
        Assert.StartsWith(path, call.Path, StringComparison.Ordinal);
        var sent = Wire.All[kind].Sent(call.Request);
        foreach (var text in (string[])["One.", "Two.", "Three?", "tutor of Xentree", "hr"]) Assert.Contains(text, sent, StringComparison.Ordinal);
        Assert.True(call.Request.GetProperty("stream").GetBoolean());
        var key = kind switch
        {
            "azure-openai" => call.Headers["api-key"],
            "ollama" => "the-key",
            _ => call.Headers["Authorization"]["Bearer ".Length..],
        };
        Assert.Equal("the-key", key);
        Assert.Contains("100", call.Request.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_answer_streams_word_by_word_and_tells_its_usage(string kind)
    {
        await using var provider = await StartAsync(kind);
        var rest = new TaskCompletionSource();
        provider.Server.Behaviour = async call =>
        {
            await call.SayAsync("First ");
            await rest.Task;
            await call.AnswerAsync("last.");
        };

        var deltas = new List<ChatDelta>();
        await foreach (var delta in provider.Router.StreamAsync("x", Turns, Cancellation))
        {
            deltas.Add(delta);
            if (delta.Content == "First ") rest.SetResult();
        }

        Assert.Equal(["", "First ", "last.", ""], deltas.Select(d => d.Content));
        Assert.Equal(("x", "tiny", new ChatUsage(11, 7)), (deltas[^1].Provider, deltas[^1].Model, deltas[^1].Usage));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_tool_is_called_with_its_arguments_and_its_result_goes_back(string kind)
    {
        await using var provider = await StartAsync(kind, ("Tools", "true"));
        string? called = null;
        provider.Server.Behaviour = call => provider.Server.Calls.Count == 1 ? call.CallToolAsync(ToolNameIn(call), """{"days":3}""") : call.AnswerAsync("Three hours.");
        var turns = Turns with { Tools = [new ChatTool("learning_time", "How long somebody learned.", Schema, (arguments, _) => { called = arguments.GetRawText(); return Task.FromResult("""{"hours": 3}"""); })] };

        var (text, usage) = await SayAsync(provider.Router, turns);

        Assert.Equal(("Three hours.", """{"days":3}"""), (text, called));
        Assert.Equal(new ChatUsage(22, 14), usage);
        var first = provider.Server.Calls.First().Request.GetProperty("tools").GetRawText();
        Assert.Contains("learning_time", first, StringComparison.Ordinal);
        Assert.Contains("How long somebody learned.", first, StringComparison.Ordinal);
        Assert.Contains("How many days.", first, StringComparison.Ordinal);
        Assert.Contains("hours", Wire.All[kind].Sent(provider.Server.Calls.Last().Request), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_model_that_only_calls_tools_must_answer_in_the_end(string kind)
    {
        await using var provider = await StartAsync(kind, ("Tools", "true"));
        var runs = 0;
        provider.Server.Behaviour = call => call.Request.TryGetProperty("tools", out var tools) && tools.GetArrayLength() > 0 && !IsForbidden(call)
            ? call.CallToolAsync(ToolNameIn(call), """{"days":3}""")
            : call.AnswerAsync("Enough.");
        var turns = Turns with { Tools = [new ChatTool("learning_time", "How long.", Schema, (_, _) => { runs++; throw new InvalidOperationException("a secret of the database"); })] };

        var (text, _) = await SayAsync(provider.Router, turns);

        Assert.Equal("Enough.", text);
        Assert.InRange(runs, 1, 4);
        var last = Wire.All[kind].Sent(provider.Server.Calls.Last().Request);
        Assert.Contains("failed", last, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret of the database", last, StringComparison.Ordinal);

        static bool IsForbidden(WireCall call) => call.Request.TryGetProperty("tool_choice", out var choice) && choice.GetRawText().Contains("none", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_a_provider_says_about_a_failure_reaches_nobody(string kind)
    {
        await using var provider = await StartAsync(kind);
        provider.Server.Behaviour = call => call.FailAsync(400, "the secret sk-12345");

        var exception = await FailAsync(provider.Router);

        Assert.False(exception.IsUnavailable);
        Assert.DoesNotContain("secret", exception.ToString(), StringComparison.Ordinal);
        Assert.Single(provider.Server.Calls);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_busy_provider_is_asked_again_no_sooner_than_it_wants(string kind)
    {
        await using var provider = await StartAsync(kind);
        provider.Server.Behaviour = call => provider.Server.Calls.Count == 1 ? call.FailAsync(429, "slow down", retryAfter: "1") : call.AnswerAsync("Now.");
        var since = Stopwatch.GetTimestamp();

        Assert.Equal("Now.", (await SayAsync(provider.Router, Turns)).Text);

        Assert.True(Stopwatch.GetElapsedTime(since) >= TimeSpan.FromSeconds(0.95));
        Assert.Equal(2, provider.Server.Calls.Count);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task A_provider_that_wants_to_be_left_alone_for_long_is_passed_over_at_once(string kind)
    {
        await using var provider = await StartAsync(kind);
        provider.Server.Behaviour = call => call.FailAsync(429, "slow down", retryAfter: "120");

        await FailAsync(provider.Router);

        Assert.Single(provider.Server.Calls);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_failure_of_the_server_is_tried_twice_more(string kind)
    {
        await using var provider = await StartAsync(kind);
        provider.Server.Behaviour = call => call.FailAsync(503, "oops");

        await FailAsync(provider.Router);

        Assert.Equal(3, provider.Server.Calls.Count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_connection_that_is_cut_before_the_first_word_is_not_tried_again_and_passed_over(string kind)
    {
        await using var provider = await StartAsync(kind);
        provider.Server.Behaviour = call => { call.Cut(); return Task.CompletedTask; };

        Assert.Equal("local", (await DeltasAsync(provider.Router, ChatRouter.Auto))[^1].Provider);
        Assert.Single(provider.Server.Calls);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_connection_that_is_cut_after_the_first_word_fails_and_nobody_else_is_asked(string kind)
    {
        foreach (var isClean in (bool[])[true, false])
        {
            await using var provider = await StartAsync(kind);
            var heard = new TaskCompletionSource();
            provider.Server.Behaviour = async call =>
            {
                await call.SayAsync("Half ");
                await heard.Task;
                if (!isClean) call.Cut();
            };

            var text = "";
            var exception = await Assert.ThrowsAsync<ChatFailedException>(async () =>
            {
                await foreach (var delta in provider.Router.StreamAsync(ChatRouter.Auto, Turns, Cancellation))
                {
                    text += delta.Content;
                    if (text.Length > 0) heard.TrySetResult();
                }
            });

            Assert.Equal(("Half ", false), (text, exception.IsUnavailable));
            Assert.Contains("in the middle", exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Nonsense_is_a_failure(string kind)
    {
        foreach (var text in (string[])["data: {nonsense\n\n", "{\"nonsense\":\n", "<html>busy</html>", ""])
        {
            await using var provider = await StartAsync(kind);
            provider.Server.Behaviour = call => call.RawAsync(text);

            Assert.Equal("local", (await DeltasAsync(provider.Router, ChatRouter.Auto))[^1].Provider);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_provider_that_falls_silent_fails_and_is_left(string kind)
    {
        await using var provider = await StartAsync(kind, ("SilenceSeconds", "1"));
        provider.Server.Behaviour = call => call.WaitUntilGoneAsync();

        Assert.Equal("local", (await DeltasAsync(provider.Router, ChatRouter.Auto))[^1].Provider);

        await provider.Server.Calls.Single().Gone.WaitAsync(TimeSpan.FromSeconds(1), Cancellation);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_answer_that_drips_without_end_is_ended(string kind)
    {
        await using var provider = await StartAsync(kind, [], ("AI:AnswerSeconds", "1"));
        var gone = new TaskCompletionSource();
        provider.Server.Behaviour = async call =>
        {
            var waiting = call.WaitUntilGoneAsync();
            while (!waiting.IsCompleted)
            {
                await call.SayAsync("drip ");
                await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation));
            }

            gone.SetResult();
        };

        var exception = await FailAsync(provider.Router);

        Assert.Contains("in the middle", exception.Message, StringComparison.Ordinal);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(1), Cancellation);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_caller_who_leaves_is_seen_by_the_provider_within_a_second(string kind)
    {
        await using var provider = await StartAsync(kind);
        provider.Server.Behaviour = async call =>
        {
            await call.SayAsync("Well, ");
            await call.WaitUntilGoneAsync();
        };

        await foreach (var delta in provider.Router.StreamAsync("x", Turns, Cancellation))
        {
            if (delta.Content.Length > 0) break;
        }

        await provider.Server.Calls.Single().Gone.WaitAsync(TimeSpan.FromSeconds(1), Cancellation);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_caller_who_cancels_is_seen_by_the_provider_within_a_second(string kind)
    {
        await using var provider = await StartAsync(kind);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        provider.Server.Behaviour = call =>
        {
            leaving.CancelAfter(TimeSpan.FromMilliseconds(1));
            return call.WaitUntilGoneAsync();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => provider.Router.StreamAsync("x", Turns, leaving.Token).ToListAsync(Cancellation).AsTask());

        await provider.Server.Calls.Single().Gone.WaitAsync(TimeSpan.FromSeconds(1), Cancellation);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Keys_and_tokens_do_not_leave_for_a_provider(string kind)
    {
        await using var provider = await StartAsync(kind, ("Tools", "true"));
        var key = "xntr-" + new string('k', 86);
        var token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIwMTk4MWY2ZSJ9.c2lnbmF0dXJl";
        provider.Server.Behaviour = call => provider.Server.Calls.Count == 1 ? call.CallToolAsync(ToolNameIn(call), """{"days":1}""") : call.AnswerAsync("Hm.");
        var turns = new ChatTurns([new(MessageRole.User, $"My key is {key}."), new(MessageRole.Assistant, $"Authorization: Bearer {token}"), new(MessageRole.User, "And now?")], "en")
        {
            Tools = [new ChatTool("learning_time", "How long.", Schema, (_, _) => Task.FromResult($"found {key} and {token}, " + new string('x', 20_000)))],
        };

        await SayAsync(provider.Router, turns);

        Assert.All(provider.Server.Calls, call =>
        {
            Assert.DoesNotContain("xntr-", call.Request.GetRawText(), StringComparison.Ordinal);
            Assert.DoesNotContain(token[..24], call.Request.GetRawText(), StringComparison.Ordinal);
        });
        Assert.InRange(provider.Server.Calls.Last().Request.GetRawText().Length, 8_000, 14_000);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_provider_that_fails_often_is_left_alone_and_one_call_tries_it_again(string kind)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var provider = await StartAsync(kind, [("Retries", "0")], [("AI:BreakerFailures", "3"), ("AI:BreakerSeconds", "60")], clock);
        provider.Server.Behaviour = call => call.FailAsync(500, "oops");
        for (var failures = 0; failures < 3; failures++) await FailAsync(provider.Router);

        Assert.False(provider.Router.Providers.Single(p => p.Id == "x").Available);
        Assert.True((await FailAsync(provider.Router)).IsUnavailable);
        Assert.Equal("local", (await DeltasAsync(provider.Router, ChatRouter.Auto))[^1].Provider);
        Assert.Equal(3, provider.Server.Calls.Count);

        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.True(provider.Router.Providers.Single(p => p.Id == "x").Available);
        await FailAsync(provider.Router);
        Assert.False(provider.Router.Providers.Single(p => p.Id == "x").Available);

        clock.Advance(TimeSpan.FromSeconds(61));
        provider.Server.Behaviour = call => call.AnswerAsync("Back.");
        Assert.Equal("Back.", (await SayAsync(provider.Router, Turns)).Text);
        Assert.Equal("Back.", (await SayAsync(provider.Router, Turns)).Text);
        Assert.True(provider.Router.Providers.Single(p => p.Id == "x").Available);
    }

    [Fact]
    public async Task A_request_that_the_provider_finds_wrong_does_not_count_against_it()
    {
        await using var provider = await StartAsync("openai", [("Retries", "0")], [("AI:BreakerFailures", "2")]);
        provider.Server.Behaviour = call => call.FailAsync(400, "too clever");

        for (var i = 0; i < 6; i++) Assert.False((await FailAsync(provider.Router)).IsUnavailable);
    }

    [Fact]
    public async Task A_provider_that_is_not_there_is_tried_again_and_passed_over()
    {
        await using var provider = await StartAsync("openai", ("BaseUrl", "http://127.0.0.1:1/v1"));

        Assert.Equal("local", (await DeltasAsync(provider.Router, ChatRouter.Auto))[^1].Provider);
    }

    [Fact]
    public async Task So_many_answers_at_once_and_no_more()
    {
        await using var provider = await StartAsync("openai", ("MaxConcurrent", "2"), ("MaxWaiting", "1"));
        var (now, most) = (0, 0);
        var (rest, two) = (new TaskCompletionSource(), new TaskCompletionSource());
        provider.Server.Behaviour = async call =>
        {
            lock (provider)
            {
                most = Math.Max(most, ++now);
                if (now == 2) two.TrySetResult();
            }

            await rest.Task;
            lock (provider) now--;
            await call.AnswerAsync("Done.");
        };
        var asked = new List<Task<(string, ChatUsage?)>> { SayAsync(provider.Router, Turns), SayAsync(provider.Router, Turns) };
        await two.Task;
        asked.Add(SayAsync(provider.Router, Turns));

        var refused = await FailAsync(provider.Router);
        rest.SetResult();
        await Task.WhenAll(asked);

        Assert.True(refused.IsUnavailable);
        Assert.Equal((2, 3), (most, provider.Server.Calls.Count));
    }

    [Fact]
    public async Task A_message_goes_to_a_model_that_holds_it_and_a_conversation_is_cut_to_its_window()
    {
        await using var provider = await StartAsync("openai", ("Models:0:ContextTokens", "1024"));
        var words = string.Concat(Enumerable.Repeat("word ", 300));

        await SayAsync(provider.Router, new ChatTurns([new(MessageRole.User, "the oldest " + words), new(MessageRole.Assistant, "the middle " + words), new(MessageRole.User, "the last " + words)], "en"));
        var far = await DeltasAsync(provider.Router, ChatRouter.Auto, new ChatTurns([new(MessageRole.User, string.Concat(Enumerable.Repeat("word ", 2_000)))], "en"));

        var sent = Wire.All["openai"].Sent(Assert.Single(provider.Server.Calls).Request);
        Assert.Contains("the last", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("the oldest", sent, StringComparison.Ordinal);
        Assert.Contains("tutor of Xentree", sent, StringComparison.Ordinal);
        Assert.Equal("local", far[^1].Provider);
    }

    [Fact]
    public async Task A_chat_that_needs_tools_goes_to_a_provider_that_has_them()
    {
        await using var provider = await StartAsync("openai", ("Tools", "false"));

        var exception = await Assert.ThrowsAsync<ChatFailedException>(() => DeltasAsync(provider.Router, ChatRouter.Auto, Turns with { NeedsTools = true }));

        Assert.True(exception.IsUnavailable);
        Assert.Empty(provider.Server.Calls);
    }

    private static ChatTurns Turns => new([new ChatTurn(MessageRole.User, "Hello.")], "en");

    private static string ToolNameIn(WireCall call)
    {
        var tool = call.Request.GetProperty("tools")[0];
        return (tool.TryGetProperty("function", out var function) ? function : tool).GetProperty("name").GetString()!;
    }

    private static async Task<(string Text, ChatUsage? Usage)> SayAsync(ChatRouter router, ChatTurns turns)
    {
        var deltas = await DeltasAsync(router, "x", turns);
        return (string.Concat(deltas.Select(d => d.Content)), deltas[^1].Usage);
    }

    private static async Task<List<ChatDelta>> DeltasAsync(ChatRouter router, string provider, ChatTurns? turns = null) =>
        await router.StreamAsync(provider, turns ?? Turns, Cancellation).ToListAsync(Cancellation);

    private static Task<ChatFailedException> FailAsync(ChatRouter router) => Assert.ThrowsAsync<ChatFailedException>(() => DeltasAsync(router, "x"));

    private static Task<Started> StartAsync(string kind, params (string Name, string Value)[] settings) => StartAsync(kind, settings, [], null);

    private static Task<Started> StartAsync(string kind, (string Name, string Value)[] settings, params (string Name, string Value)[] all) => StartAsync(kind, settings, all, null);

    private static async Task<Started> StartAsync(string kind, (string Name, string Value)[] settings, (string Name, string Value)[] all, TimeProvider? clock)
    {
        var wire = Wire.All[kind];
        var server = await WireServer.StartAsync(wire);
        var values = new Dictionary<string, string?>
        {
            ["AI:Providers:x:Kind"] = kind,
            ["AI:Providers:x:BaseUrl"] = server.Address + wire.BasePath,
            ["AI:Providers:x:Key"] = "the-key",
            ["AI:Providers:x:Models:0:Name"] = "tiny",
            ["AI:Providers:x:Models:0:AnswerTokens"] = "100",
        };
        foreach (var (name, value) in settings) values[$"AI:Providers:x:{name}"] = value;
        foreach (var (name, value) in all) values[name] = value;
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .AddSingleton(clock ?? TimeProvider.System).AddLogging().AddXentreeAi().BuildServiceProvider();
        return new Started(server, services);
    }

    private sealed record Started(WireServer Server, ServiceProvider Services) : IAsyncDisposable
    {
        public ChatRouter Router => Services.GetRequiredService<ChatRouter>();

        public async ValueTask DisposeAsync()
        {
            await Services.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
