using System.Net;
using System.Text.Json;

namespace Xentree.Tests.Conversations;

public sealed class ConversationApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_conversation_is_created_read_renamed_and_deleted()
    {
        using var user = await api.SignInAsync();

        var created = (await user.PostAsync("/api/core/conversations", new { title = "My trip", provider = "local" })).ShouldBe(201);
        var path = $"/api/core/conversations/{created["id"].GetString()}";

        Assert.Equal(path, created.Headers["Location"]);
        Assert.Equal(("My trip", "local", 0, JsonValueKind.Null), (created["title"].GetString(), created["provider"].GetString(), created["message_count"].GetInt32(), created["last_message_at"].ValueKind));
        Assert.Equal(created.Text, (await user.GetAsync(path)).ShouldBe(200).Text);
        Assert.Equal("Our trip", (await user.PatchAsync(path, new { title = "Our trip" })).ShouldBe(200)["title"].GetString());
        Assert.Equal("New conversation", (await user.PatchAsync(path, new { title = (string?)null })).ShouldBe(200)["title"].GetString());
        (await user.PatchAsync(path, new { title = "" })).ShouldFail(400, "validation_failed");
        Assert.Equal(0, (await user.GetAsync(path + "/messages")).ShouldBe(200).Json.GetArrayLength());
        (await user.DeleteAsync(path)).ShouldBe(204);
        (await user.DeleteAsync(path)).ShouldFail(404, "not_found");
        (await user.GetAsync(path)).ShouldFail(404, "not_found");
    }

    [Fact]
    public async Task Nothing_is_required_to_open_a_conversation()
    {
        using var user = await api.SignInAsync();

        var created = (await user.PostRawAsync("/api/core/conversations", "{}")).ShouldBe(201);

        Assert.Equal(("New conversation", "auto"), (created["title"].GetString(), created["provider"].GetString()));
    }

    [Theory]
    [InlineData("""{"title":""}""", "title")]
    [InlineData("""{"title":5}""", "title")]
    [InlineData("""{"provider":"nobody"}""", "provider")]
    public async Task A_conversation_with_a_bad_field_names_it(string body, string field)
    {
        using var user = await api.SignInAsync();

        var answer = (await user.PostRawAsync("/api/core/conversations", body)).ShouldFail(400, "validation_failed");

        Assert.Equal([field], answer["detail"].GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task The_list_is_newest_first_and_pages()
    {
        using var user = await api.SignInAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await user.PostAsync("/api/core/conversations", new { title = $"{i}" }))["id"].GetString()!);
            api.Clock.Advance(TimeSpan.FromMilliseconds(2));
        }

        var first = (await user.GetAsync("/api/core/conversations?limit=3")).ShouldBe(200);
        var second = (await user.GetAsync(Next(first))).ShouldBe(200);

        Assert.Equal(ids.AsEnumerable().Reverse(), first.Json.EnumerateArray().Concat(second.Json.EnumerateArray()).Select(c => c.GetProperty("id").GetString()));
        Assert.False(second.Headers.ContainsKey("Link"));
    }

    [Fact]
    public async Task A_conversation_of_somebody_else_does_not_exist()
    {
        using var owner = await api.SignInAsync();
        using var stranger = await api.SignInAsync();
        var id = (await owner.PostAsync("/api/core/conversations", new { title = "Mine" }))["id"].GetString();
        var path = $"/api/core/conversations/{id}";

        (await stranger.GetAsync(path)).ShouldFail(404, "not_found");
        (await stranger.PatchAsync(path, new { title = "Yours" })).ShouldFail(404, "not_found");
        (await stranger.DeleteAsync(path)).ShouldFail(404, "not_found");
        (await stranger.GetAsync(path + "/messages")).ShouldFail(404, "not_found");
        (await stranger.PostAsync("/api/core/chat", new { message = "Hello", conversation_id = id })).ShouldFail(404, "not_found");
        (await stranger.PostAsync("/api/core/chat", new { message = "Hello", conversation_id = id }, ("Accept", "text/event-stream"))).ShouldFail(404, "not_found");
        Assert.Equal(0, (await stranger.GetAsync("/api/core/conversations")).Json.GetArrayLength());
        Assert.Equal(0, (await owner.GetAsync(path))["message_count"].GetInt32());
    }

    [Fact]
    public async Task A_key_reaches_only_what_keys_of_its_organization_created()
    {
        using var user = await api.SignInAsync();
        using var key = await api.KeyForAsync(user, "conversations:read", "conversations:write");
        using var other = await api.KeyForAsync(user, "conversations:read", "conversations:write");
        var own = (await user.PostAsync("/api/core/conversations", new { title = "Mine" }))["id"].GetString();
        var keys = (await key.PostAsync("/api/core/conversations", new { title = "The organization's" })).ShouldBe(201)["id"].GetString();

        (await key.GetAsync($"/api/core/conversations/{keys}")).ShouldBe(200);
        (await key.PostAsync("/api/core/chat", new { message = "Hello", conversation_id = keys })).ShouldBe(200);
        (await key.GetAsync($"/api/core/conversations/{own}")).ShouldFail(404, "not_found");
        (await key.PostAsync("/api/core/chat", new { message = "Hello", conversation_id = own })).ShouldFail(404, "not_found");
        (await other.GetAsync($"/api/core/conversations/{keys}")).ShouldFail(404, "not_found");
        (await other.PostAsync("/api/core/chat", new { message = "Hello", conversation_id = keys })).ShouldFail(404, "not_found");
        Assert.Equal([keys], (await key.GetAsync("/api/core/conversations")).Json.EnumerateArray().Select(c => c.GetProperty("id").GetString()));
        Assert.Equal(2, (await user.GetAsync("/api/core/conversations")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_key_needs_the_scope()
    {
        using var user = await api.SignInAsync();
        using var reader = await api.KeyForAsync(user, "conversations:read");
        using var writer = await api.KeyForAsync(user, "conversations:write");

        (await reader.PostAsync("/api/core/chat", new { message = "Hello" })).ShouldFail(403, "INSUFFICIENT_API_KEY_SCOPE");
        (await writer.GetAsync("/api/core/conversations")).ShouldFail(403, "INSUFFICIENT_API_KEY_SCOPE");
        (await reader.GetAsync("/api/core/providers")).ShouldBe(200);
        (await api.Anonymous().GetAsync("/api/core/providers")).ShouldFail(401, "not_authenticated");
    }

    [Fact]
    public async Task Without_any_setting_the_provider_is_local()
    {
        using var user = await api.SignInAsync();

        var provider = Assert.Single((await user.GetAsync("/api/core/providers")).ShouldBe(200).Json.EnumerateArray());

        Assert.Equal("local", provider.GetProperty("id").GetString());
        Assert.Equal("rules-1", provider.GetProperty("default_model").GetString());
        Assert.True(provider.GetProperty("available").GetBoolean());
        Assert.True(provider.GetProperty("is_default").GetBoolean());
        Assert.Contains("corrections", provider.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()));
    }

    [Fact]
    public async Task Local_corrects_with_reasons_and_says_what_it_is()
    {
        using var user = await api.SignInAsync();

        var answer = (await user.PostAsync("/api/core/chat", new { message = "I need some informations about London." })).ShouldBe(200);

        var content = answer["content"].GetString()!;
        Assert.Contains("“informations” → **information**", content, StringComparison.Ordinal);
        Assert.Contains("cannot be counted", content, StringComparison.Ordinal);
        Assert.Contains("**Corrected:** I need some information about London.", content, StringComparison.Ordinal);
        Assert.Contains("**Your turn.**", content, StringComparison.Ordinal);
        Assert.Contains("no language model", content, StringComparison.Ordinal);
        Assert.Equal(("local", "rules-1"), (answer["provider"].GetString(), answer["model"].GetString()));
        var usage = answer["usage"];
        Assert.Equal(usage.GetProperty("total_tokens").GetInt32(), usage.GetProperty("prompt_tokens").GetInt32() + usage.GetProperty("completion_tokens").GetInt32());
        Assert.True(usage.GetProperty("completion_tokens").GetInt32() > 20);
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, 0), (answer["conversation_id"].ValueKind, answer["message_id"].ValueKind, answer["citations"].GetArrayLength()));
        Assert.Equal(0, (await user.GetAsync("/api/core/conversations")).Json.GetArrayLength());
    }

    [Fact]
    public async Task Local_checks_the_exercise_that_it_gave()
    {
        using var user = await api.SignInAsync();
        var id = (await user.PostAsync("/api/core/conversations", new { }))["id"].GetString();
        var first = await user.PostAsync("/api/core/chat", new { message = "She is a engineer.", conversation_id = id });
        Assert.Contains("We waited for ___ hour.", first["content"].GetString(), StringComparison.Ordinal);

        var right = await user.PostAsync("/api/core/chat", new { message = "an", conversation_id = id });
        var history = new[] { new { role = "assistant", content = first["content"].GetString() } };
        var wrong = await user.PostAsync("/api/core/chat", new { message = "a", conversation_history = history });

        Assert.StartsWith("“an” is right.", right["content"].GetString(), StringComparison.Ordinal);
        Assert.StartsWith("The gap takes “an”: We waited for an hour.", wrong["content"].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("What does \"reluctant\" mean?", "I have no dictionary here")]
    [InlineData("Why is the sky blue?", "I only check how it is written")]
    [InlineData("Mañana voy a ir a España con mi hermana.", "does not look like English")]
    [InlineData("The weather is nice today.", "None of my rules objects to your 5 words")]
    public async Task Local_does_not_pretend(string message, string says)
    {
        using var user = await api.SignInAsync();

        Assert.Contains(says, (await user.PostAsync("/api/core/chat", new { message }))["content"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Local_says_that_it_explains_in_English_only()
    {
        using var user = await api.SignInAsync();

        Assert.Contains("English only", (await user.PostAsync("/api/core/chat", new { message = "Hello.", user_language = "hr" }))["content"].GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("English only", (await user.PostAsync("/api/core/chat", new { message = "Hello.", user_language = "en-GB" }))["content"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_turns_are_stored_and_listed_oldest_first()
    {
        using var user = await api.SignInAsync();
        var id = (await user.PostAsync("/api/core/conversations", new { }))["id"].GetString();
        var answers = new List<Answer>();
        for (var i = 0; i < 3; i++) answers.Add((await user.PostAsync("/api/core/chat", new { message = $"Message {i} is here.", conversation_id = id })).ShouldBe(200));

        var first = (await user.GetAsync($"/api/core/conversations/{id}/messages?limit=4")).ShouldBe(200);
        var second = (await user.GetAsync(Next(first))).ShouldBe(200);

        var messages = first.Json.EnumerateArray().Concat(second.Json.EnumerateArray()).ToList();
        Assert.Equal(["user", "assistant", "user", "assistant", "user", "assistant"], messages.Select(m => m.GetProperty("role").GetString()));
        Assert.Equal(["Message 0 is here.", "Message 1 is here.", "Message 2 is here."], messages.Where((_, i) => i % 2 == 0).Select(m => m.GetProperty("content").GetString()));
        Assert.Equal(answers.Select(a => a["message_id"].GetString()), messages.Where((_, i) => i % 2 == 1).Select(m => m.GetProperty("id").GetString()));
        Assert.Equal(answers.Select(a => a["content"].GetString()), messages.Where((_, i) => i % 2 == 1).Select(m => m.GetProperty("content").GetString()));
        Assert.All(messages, m => Assert.Equal("complete", m.GetProperty("status").GetString()));
        var conversation = await user.GetAsync($"/api/core/conversations/{id}");
        Assert.Equal(("Message 0 is here.", 6), (conversation["title"].GetString(), conversation["message_count"].GetInt32()));
        Assert.Equal(messages[^1].GetProperty("created_at").GetString(), conversation["last_message_at"].GetString());
        (await user.GetAsync($"/api/core/conversations/{id}/messages?cursor=nonsense")).ShouldFail(400, "invalid_cursor");
    }

    [Fact]
    public async Task A_title_that_was_given_stays_and_a_long_first_message_is_cut()
    {
        using var user = await api.SignInAsync();
        var named = (await user.PostAsync("/api/core/conversations", new { title = "Named" }))["id"].GetString();
        var unnamed = (await user.PostAsync("/api/core/conversations", new { }))["id"].GetString();
        const string message = "I would like\nto tell you about my holiday in the mountains, where it rained every day.";

        await user.PostAsync("/api/core/chat", new { message, conversation_id = named });
        await user.PostAsync("/api/core/chat", new { message, conversation_id = unnamed });

        Assert.Equal("Named", (await user.GetAsync($"/api/core/conversations/{named}"))["title"].GetString());
        Assert.Equal("I would like to tell you about my holiday in the mountains…", (await user.GetAsync($"/api/core/conversations/{unnamed}"))["title"].GetString());
    }

    [Fact]
    public async Task The_stream_says_word_for_word_what_the_answer_says()
    {
        using var user = await api.SignInAsync();
        var id = (await user.PostAsync("/api/core/conversations", new { }))["id"].GetString();
        var body = new { message = "He go to school.", conversation_id = id };

        var events = await user.EventsAsync("/api/core/chat", body, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.True(events.Count > 10);
        Assert.All(events.SkipLast(1), e => Assert.Equal("delta", e.Event));
        var (type, done) = events[^1];
        Assert.Equal("done", type);
        Assert.Equal(done.GetProperty("content").GetString(), string.Concat(events.SkipLast(1).Select(e => e.Data.GetProperty("content").GetString())));
        Assert.Equal(id, done.GetProperty("conversation_id").GetString());
        var messages = await user.GetAsync($"/api/core/conversations/{id}/messages");
        Assert.Equal(done.GetProperty("message_id").GetString(), messages.Json[1].GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("""{}""", "message")]
    [InlineData("""{"message":""}""", "message")]
    [InlineData("""{"message":"  "}""", "message")]
    [InlineData("""{"message":"a\u0000"}""", "message")]
    [InlineData("""{"message":"a","provider":"nobody"}""", "provider")]
    [InlineData("""{"message":"a","user_language":"not a tag"}""", "user_language")]
    [InlineData("""{"message":"a","conversation_id":"nonsense"}""", "conversation_id")]
    [InlineData("""{"message":"a","conversation_history":[{"role":"tool","content":"x"}]}""", "conversation_history[0].role")]
    [InlineData("""{"message":"a","conversation_history":[{"role":"user","content":""}]}""", "conversation_history[0].content")]
    [InlineData("""{"message":"a","conversation_id":"01981f6e-8f00-7c3a-9a51-3f6f1c0d2c01","conversation_history":[]}""", "conversation_history")]
    public async Task A_bad_message_names_the_field(string body, string field)
    {
        using var user = await api.SignInAsync();

        var answer = (await user.PostRawAsync("/api/core/chat", body)).ShouldFail(400, "validation_failed");

        Assert.Equal([field], answer["detail"].GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task A_message_has_at_most_32000_characters_and_a_history_100_turns()
    {
        using var user = await api.SignInAsync();
        var turn = new { role = "user", content = "Hello." };

        (await user.PostAsync("/api/core/chat", new { message = new string('x', 32_000), conversation_history = Enumerable.Repeat(turn, 100) })).ShouldBe(200);
        (await user.PostAsync("/api/core/chat", new { message = new string('x', 32_001) })).ShouldFail(400, "validation_failed");
        (await user.PostAsync("/api/core/chat", new { message = "x", conversation_history = Enumerable.Repeat(turn, 101) })).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task The_same_idempotency_key_stores_the_turns_once()
    {
        using var user = await api.SignInAsync();
        var id = (await user.PostAsync("/api/core/conversations", new { }))["id"].GetString();
        var body = new { message = "Hello.", conversation_id = id };

        var first = (await user.PostAsync("/api/core/chat", body, ("Idempotency-Key", "one"))).ShouldBe(200);
        var again = (await user.PostAsync("/api/core/chat", body, ("Idempotency-Key", "one"))).ShouldBe(200);
        var streamed = await user.EventsAsync("/api/core/chat", body, TestContext.Current.CancellationToken, ("Idempotency-Key", "two")).CountAsync(TestContext.Current.CancellationToken);
        var streamedAgain = await user.EventsAsync("/api/core/chat", body, TestContext.Current.CancellationToken, ("Idempotency-Key", "two")).CountAsync(TestContext.Current.CancellationToken);

        Assert.Equal(first.Text, again.Text);
        Assert.Equal("true", again.Headers["Idempotency-Replayed"]);
        Assert.Equal(streamed, streamedAgain);
        Assert.Equal(4, (await user.GetAsync($"/api/core/conversations/{id}"))["message_count"].GetInt32());
    }

    [Fact]
    public async Task Turns_that_are_stored_at_once_each_get_a_place()
    {
        using var user = await api.SignInAsync();
        var id = (await user.PostAsync("/api/core/conversations", new { }))["id"].GetString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => user.PostAsync("/api/core/chat", new { message = $"Message {i}.", conversation_id = id })));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        var messages = (await user.GetAsync($"/api/core/conversations/{id}/messages?limit=100")).Json;
        Assert.Equal(20, messages.GetArrayLength());
        Assert.Equal(20, messages.EnumerateArray().Select(m => m.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(20, (await user.GetAsync($"/api/core/conversations/{id}"))["message_count"].GetInt32());
    }

    [Fact]
    public async Task A_sandbox_users_turns_are_stored_at_their_instant()
    {
        using var user = await api.SignInAsync(now: "2026-03-01T12:00:00.000Z");
        var id = (await user.PostAsync("/api/core/conversations", new { }))["id"].GetString();
        user.Now = "2026-03-02T08:00:00.000Z";

        await user.PostAsync("/api/core/chat", new { message = "Hello.", conversation_id = id });

        var conversation = await user.GetAsync($"/api/core/conversations/{id}");
        Assert.Equal(("2026-03-01T12:00:00.000Z", "2026-03-02T08:00:00.000Z"), (conversation["created_at"].GetString(), conversation["last_message_at"].GetString()));
    }

    [Fact]
    public async Task Chat_has_a_limit_of_its_own()
    {
        var replica = await api.StartReplicaAsync(new() { ["RateLimits:Chat"] = "2" });
        using var user = (await api.SignInAsync()).On(replica);
        (await user.PostAsync("/api/core/chat", new { message = "One." })).ShouldBe(200);
        (await user.PostAsync("/api/core/chat", new { message = "Two." })).ShouldBe(200);

        (await user.PostAsync("/api/core/chat", new { message = "Three." })).ShouldFail(429, "rate_limited");

        (await user.GetAsync("/api/core/providers")).ShouldBe(200);
    }

    private static string Next(Answer page) => new Uri(page.Headers["Link"].Split('<', '>')[1]).PathAndQuery;
}
