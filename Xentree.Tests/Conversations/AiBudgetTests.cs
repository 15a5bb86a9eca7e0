using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;
using Xentree.Ai;
using Xentree.Data;
using Xentree.Data.Ai;
using Xentree.Domain;

namespace Xentree.Tests.Conversations;

/// <summary>What language models may cost and did cost: never more than the plan's day, whoever asks how often at once.</summary>
public sealed class AiBudgetTests : IClassFixture<AiBudgetTests.Servers>
{
    private const string Path = "/api/core/chat";
    private const int Limit = 1_000;

    private readonly Servers _api;

    public AiBudgetTests(Servers api)
    {
        _api = api;
        api.Model.Behaviour = call => call.AnswerAsync("Hello.");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_call_used_is_counted_by_provider_and_day_and_taken_from_the_budget()
    {
        using var user = await _api.SignInAsync();

        await user.PostAsync(Path, new { message = "Hello." });
        await user.PostAsync(Path, new { message = "Hello again." });
        await user.PostAsync(Path, new { message = "He go home.", provider = "local" });

        var usage = await UsageAsync(user);
        // 11 tokens at 2.5 and 7 at 10 for a million: 97.5 millionths, rounded up.
        Assert.Equal(("lab", 2, 22, 14, 196, null), Row(usage[0]));
        Assert.Equal(("local", 1, 0, null), (usage[1].Provider, usage[1].Calls, usage[1].Cost, usage[1].OrganizationId));
        Assert.True(usage[1].PromptTokens > 0);
        Assert.Equal((36, 0), await BudgetAsync(user));
    }

    [Fact]
    public async Task A_key_counts_for_its_organization_and_draws_on_the_same_budget()
    {
        using var user = await _api.SignInAsync();
        using var key = await _api.KeyForAsync(user, "conversations:write");

        (await key.PostAsync(Path, new { message = "Hello." })).ShouldBe(200);
        (await user.PostAsync(Path, new { message = "Hello." })).ShouldBe(200);

        var usage = await UsageAsync(user);
        Assert.Equal(2, usage.Count);
        Assert.Single(usage, u => u.OrganizationId is null);
        Assert.Equal((36, 0), await BudgetAsync(user));
    }

    [Fact]
    public async Task A_sandbox_user_pays_by_the_real_clock()
    {
        using var user = await _api.SignInAsync(now: "2026-03-01T09:00:00Z");

        (await user.PostAsync(Path, new { message = "Hello." })).ShouldBe(200);
        user.Now = "2027-03-01T09:00:00Z";
        (await user.PostAsync(Path, new { message = "Hello." })).ShouldBe(200);

        var row = Assert.Single(await UsageAsync(user));
        Assert.Equal((2, 36L), (row.Calls, row.PromptTokens + row.CompletionTokens));
        Assert.Equal(_api.Clock.Now.InUtc().Date, row.Day);
    }

    [Fact]
    public async Task A_budget_that_is_used_up_is_told_with_its_end_and_nothing_is_stored_or_asked()
    {
        using var user = await _api.SignInAsync();
        var id = (await user.PostAsync("/api/core/conversations", new { }))["id"].GetString();
        await UseAsync(user, Limit - 50);
        var calls = _api.Model.Calls.Count;

        var answer = (await user.PostAsync(Path, new { message = "Hello.", conversation_id = id })).ShouldFail(429, "ai_quota_exceeded");
        var stream = (await user.PostAsync(Path, new { message = "Hello.", conversation_id = id }, ("Accept", "text/event-stream"))).ShouldFail(429, "ai_quota_exceeded");
        var local = (await user.PostAsync(Path, new { message = "He go home.", provider = "local" })).ShouldBe(200);

        var now = _api.Clock.GetUtcNow();
        foreach (var refused in (Answer[])[answer, stream])
        {
            var resets = refused["detail"].GetProperty("resets_at").GetDateTimeOffset();
            Assert.Equal(now.UtcDateTime.Date.AddDays(1), resets.UtcDateTime);
            Assert.InRange(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), (resets - now).TotalSeconds - 1, (resets - now).TotalSeconds + 60);
        }

        Assert.Equal("local", local["provider"].GetString());
        Assert.Equal(calls, _api.Model.Calls.Count);
        Assert.Empty((await user.GetAsync($"/api/core/conversations/{id}/messages")).Json.EnumerateArray());
        Assert.Equal((Limit - 50, 0), await BudgetAsync(user));
    }

    [Fact]
    public async Task A_larger_plan_has_a_larger_budget()
    {
        using var user = await _api.SignInAsync();
        await UseAsync(user, Limit - 50);
        await ExecuteAsync("update users set plan = 'Plus' where id = $1", user.UserId);

        (await user.PostAsync(Path, new { message = "Hello." })).ShouldBe(200);
    }

    [Fact]
    public async Task A_hundred_at_once_never_overdraw()
    {
        using var user = await _api.SignInAsync();
        var id = user.UserId;
        var day = _api.Clock.Now.InUtc().Date;

        var charged = await Task.WhenAll(Enumerable.Range(0, 100).Select(async number =>
        {
            await using var context = await ContextAsync();
            var reservation = Reservation(id, day, 30, _api.Clock.Now + Duration.FromMinutes(5));
            if (!await context.TryReserveAsync(reservation, Limit, _api.Clock.Now, Cancellation)) return 0;

            // Half of them use more than they reserved, and get no more than that.
            await context.SettleAsync([reservation.Id], Usage(id, day, number % 2 == 0 ? 50 : 20), Cancellation);
            return number % 2 == 0 ? 30 : 20;
        }));

        Assert.Equal((charged.Sum(), 0), await BudgetAsync(user));
        Assert.InRange(charged.Sum(), 30, Limit);
        Assert.Contains(0, charged);
        Assert.Equal(charged.Count(tokens => tokens > 0), Assert.Single(await UsageAsync(user)).Calls);
    }

    [Fact]
    public async Task A_hundred_chats_at_once_never_overdraw()
    {
        using var user = await _api.SignInAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => user.PostAsync(Path, new { message = "Hello." })));

        var (used, reserved) = await BudgetAsync(user);
        Assert.Equal(0, reserved);
        Assert.InRange(used, 18, Limit);
        Assert.Equal(used, 18L * answers.Count(a => (int)a.Status == 200));
        Assert.All(answers, a => Assert.True((int)a.Status == 200 || a.ErrorCode == "ai_quota_exceeded", a.Text));
    }

    [Fact]
    public async Task What_a_killed_process_had_reserved_comes_back_when_its_lease_ends()
    {
        using var user = await _api.SignInAsync();
        var day = _api.Clock.Now.InUtc().Date;
        await using var context = await ContextAsync();
        Assert.True(await context.TryReserveAsync(Reservation(user.UserId, day, Limit, _api.Clock.Now + Duration.FromMinutes(5)), Limit, _api.Clock.Now, Cancellation));

        Assert.False(await context.TryReserveAsync(Reservation(user.UserId, day, 10, default), Limit, _api.Clock.Now, Cancellation));
        Assert.True(await context.TryReserveAsync(Reservation(user.UserId, day, 10, default), Limit, _api.Clock.Now + Duration.FromMinutes(6), Cancellation));

        Assert.Equal((0, 10), await BudgetAsync(user));
    }

    [Fact]
    public async Task A_settlement_that_is_sent_twice_counts_once()
    {
        using var user = await _api.SignInAsync();
        var day = _api.Clock.Now.InUtc().Date;
        await using var context = await ContextAsync();
        var reservation = Reservation(user.UserId, day, 30, _api.Clock.Now + Duration.FromMinutes(5));
        await context.TryReserveAsync(reservation, Limit, _api.Clock.Now, Cancellation);
        Assert.True(await context.TryReserveAsync(reservation, Limit, _api.Clock.Now, Cancellation));

        await context.SettleAsync([reservation.Id], Usage(user.UserId, day, 20), Cancellation);
        await context.SettleAsync([reservation.Id], Usage(user.UserId, day, 20), Cancellation);

        Assert.Equal((20, 0), await BudgetAsync(user));
        Assert.Equal(1, Assert.Single(await UsageAsync(user)).Calls);
    }

    [Fact]
    public async Task A_stream_that_is_left_pays_for_what_it_had_and_gives_the_rest_back()
    {
        using var user = await _api.SignInAsync();
        _api.Model.Behaviour = async call =>
        {
            await call.SayAsync("One two three ", "four five six.");
            await call.WaitUntilGoneAsync();
        };

        await foreach (var (_, data) in user.EventsAsync(Path, new { message = "Hello." }, Cancellation))
        {
            if (data.GetProperty("content").GetString() == "four five six.") break;
        }

        await _api.Model.Calls.Last().Gone.WaitAsync(TimeSpan.FromSeconds(1), Cancellation);
        while ((await UsageAsync(user)).Count == 0) Cancellation.ThrowIfCancellationRequested();
        var row = Assert.Single(await UsageAsync(user));
        Assert.InRange(row.CompletionTokens, 6, 9);
        // The provider told no usage, so it is counted: all of what was said, and no more than all that was sent.
        var sent = _api.Model.Calls.Last().Request;
        var said = sent.GetProperty("messages").EnumerateArray().Sum(m => TokenCount.Of(m.GetProperty("content").ToString()));
        Assert.InRange(row.PromptTokens, said, TokenCount.Of(sent.GetRawText()));
        Assert.Equal((row.PromptTokens + row.CompletionTokens, 0), await BudgetAsync(user));
    }

    [Fact]
    public async Task A_provider_that_refuses_costs_nothing()
    {
        using var user = await _api.SignInAsync();
        _api.Model.Behaviour = call => call.FailAsync(400, "no");

        (await user.PostAsync(Path, new { message = "Hello.", provider = "lab" })).ShouldFail(502, "provider_failed");

        Assert.Equal((0, 0), await BudgetAsync(user));
    }

    [Fact]
    public async Task A_model_looks_up_what_the_learner_may_see_and_no_more()
    {
        using var user = await _api.SignInAsync();
        await ExecuteAsync("update users set plan = 'Pro' where id = $1", user.UserId);
        using var writer = await _api.KeyForAsync(user, "conversations:write");
        using var reader = await _api.KeyForAsync(user, "conversations:write", "conversations:read");
        var name = "";
        _api.Model.Behaviour = call =>
        {
            if (!call.Request.TryGetProperty("tools", out var tools)) return call.AnswerAsync("I cannot see that.");
            if (call.Request.GetProperty("messages").EnumerateArray().Any(m => m.GetProperty("role").GetString() == "tool")) return call.AnswerAsync("You are at level 1.");
            name = tools.EnumerateArray().Select(t => t.GetProperty("function").GetProperty("name").GetString()!).Single(n => n.EndsWith("xp_profile", StringComparison.Ordinal));
            return call.CallToolAsync(name, "{}");
        };

        foreach (var client in (ApiClient[])[user, reader])
        {
            var answer = (await client.PostAsync(Path, new { message = "What is my level?" })).ShouldBe(200);
            Assert.Equal(("You are at level 1.", 36), (answer["content"].GetString(), answer["usage"].GetProperty("total_tokens").GetInt32()));
            var told = _api.Model.Calls.Last().Request.GetProperty("messages").EnumerateArray().Last().GetProperty("content").ToString();
            Assert.Contains("current_streak", told, StringComparison.Ordinal);
            Assert.Contains("quests", told, StringComparison.Ordinal);
        }

        Assert.Equal("I cannot see that.", (await writer.PostAsync(Path, new { message = "What is my level?" })).ShouldBe(200)["content"].GetString());
        var learning = _api.Model.Calls.First(c => c.Request.GetRawText().Contains("What is my level?", StringComparison.Ordinal)).Request.GetProperty("tools").GetRawText();
        Assert.Contains("learning_time", learning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_finds_what_its_learner_wrote_and_nobody_elses()
    {
        using var user = await _api.SignInAsync();
        using var other = await _api.SignInAsync();
        foreach (var owner in (ApiClient[])[user, other]) await ExecuteAsync("update users set plan = 'Pro' where id = $1", owner.UserId);
        (await user.PostAsync("/api/core/notes", new { title = "Trip", content = "The lighthouse of <Rovinj> was closed." })).ShouldBe(201);
        _api.Model.Behaviour = call => call.Request.GetProperty("messages").EnumerateArray().Any(m => m.GetProperty("role").GetString() == "tool")
            ? call.AnswerAsync("I looked.")
            : call.CallToolAsync("xentree_search", """{"query": "lighthouse"}""");

        string Told() => _api.Model.Calls.Last().Request.GetProperty("messages").EnumerateArray().Last().GetProperty("content").ToString();

        (await user.PostAsync(Path, new { message = "What was closed?" })).ShouldBe(200);
        Assert.Contains("Rovinj", Told(), StringComparison.Ordinal);
        (await other.PostAsync(Path, new { message = "What was closed?" })).ShouldBe(200);
        Assert.DoesNotContain("Rovinj", Told(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_whose_answer_would_overdraw_ends_the_chat()
    {
        using var user = await _api.SignInAsync();
        // Enough for one request and not for two.
        await UseAsync(user, 200);
        _api.Model.Behaviour = call => call.CallToolAsync("xentree_xp_profile", "{}");

        (await user.PostAsync(Path, new { message = "What is my level?" })).ShouldFail(429, "ai_quota_exceeded");

        var (used, reserved) = await BudgetAsync(user);
        Assert.Equal(0, reserved);
        Assert.InRange(used, 218, Limit);
    }

    [Fact]
    public async Task Usage_is_exported_and_goes_with_its_user()
    {
        using var user = await _api.SignInAsync();
        await user.PostAsync(Path, new { message = "Hello." });

        var export = (await user.GetAsync("/api/auth/me/export")).ShouldBe(200);
        (await user.DeleteAsync("/api/auth/me")).ShouldBe(204);

        Assert.Contains("\"ai_usage\"", export.Text, StringComparison.Ordinal);
        Assert.Empty(await UsageAsync(user));
    }

    private static (string, long, long, long, long, Guid?) Row(AiUsage u) => (u.Provider, u.Calls, u.PromptTokens, u.CompletionTokens, u.Cost, u.OrganizationId);

    private AiReservation Reservation(Guid userId, LocalDate day, long tokens, Instant until) =>
        new() { Id = _api.Clock.NewId(), UserId = userId, Day = day, Tokens = tokens, ExpiresAt = until };

    private AiUsage Usage(Guid userId, LocalDate day, int tokens) =>
        new() { Id = _api.Clock.NewId(), UserId = userId, Provider = "lab", Day = day, PromptTokens = tokens, CompletionTokens = 0 };

    private async Task UseAsync(ApiClient user, long tokens) =>
        await ExecuteAsync("insert into ai_budgets (user_id, day, used, reserved) values ($1, (now() at time zone 'UTC')::date, $2, 0)", user.UserId, tokens);

    private async Task<(long Used, long Reserved)> BudgetAsync(ApiClient user)
    {
        await using var context = await ContextAsync();
        var budget = await context.AiBudgets.AsNoTracking().SingleAsync(b => b.UserId == user.UserId, Cancellation);
        Assert.Equal(budget.Reserved, await context.AiReservations.Where(r => r.UserId == user.UserId).SumAsync(r => r.Tokens, Cancellation));
        return (budget.Used, budget.Reserved);
    }

    private async Task<List<AiUsage>> UsageAsync(ApiClient user)
    {
        await using var context = await ContextAsync();
        return await context.AiUsage.AsNoTracking().Where(u => u.UserId == user.UserId).OrderBy(u => u.Provider).ToListAsync(Cancellation);
    }

    private Task<XentreeDbContext> ContextAsync() => _api.Services.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContextAsync(Cancellation);

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(_api.Database);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>The API with a model that costs something, and small budgets.</summary>
    public sealed class Servers(EmbeddedServers servers) : ApiServer(servers)
    {
        private WireServer? _model;

        public WireServer Model => _model!;

        protected override Dictionary<string, string?> Settings => new()
        {
            ["AI:Providers:lab:Kind"] = "openai-compatible",
            ["AI:Providers:lab:BaseUrl"] = Model.Address + "/v1",
            ["AI:Providers:lab:Tools"] = "true",
            ["AI:Providers:lab:Models:0:Name"] = "tiny",
            ["AI:Providers:lab:Models:0:AnswerTokens"] = "20",
            ["AI:Providers:lab:Models:0:PromptPrice"] = "2500000",
            ["AI:Providers:lab:Models:0:CompletionPrice"] = "10000000",
            ["AI:Budget:Free"] = "1000",
        };

        public override async ValueTask InitializeAsync()
        {
            _model = await WireServer.StartAsync(Wire.All["openai-compatible"]);
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Model.DisposeAsync();
        }
    }
}
