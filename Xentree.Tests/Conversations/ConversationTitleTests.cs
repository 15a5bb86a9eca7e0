using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xentree.Data;
using Xentree.Worker;

namespace Xentree.Tests.Conversations;

/// <summary>Titles that the worker finds after the first exchange, from the request of the API to the renamed conversation.</summary>
public sealed class ConversationTitleTests : IClassFixture<ConversationTitleTests.Servers>
{
    private const string Message = "I would like to tell you about my holiday in the mountains, where it rained every day.";
    private const string Made = "I would like to tell you about my holiday in the mountains…";

    private readonly Servers _api;

    public ConversationTitleTests(Servers api) => _api = api;

    [Fact]
    public async Task A_model_finds_a_title_out_of_the_first_exchange_and_the_learners_budget()
    {
        using var user = await _api.SignInAsync();

        var id = await TalkAsync(user, "\"A Rainy Holiday\".\n");

        Assert.Equal("A Rainy Holiday", await TitleAsync(user, id, title => title != Made));
        var asked = Assert.Single(_api.TitleCalls, call => call.Messages[1].Content.Contains(user.Username, StringComparison.Ordinal));
        Assert.Equal(["system", "user"], asked.Messages.Select(m => m.Role));
        Assert.Contains("<learner>", asked.Messages[1].Content, StringComparison.Ordinal);
        Assert.Equal((36, 0), await BudgetAsync(user));
        await user.PostAsync("/api/core/chat", new { message = "And then?", conversation_id = id });
        Assert.Single(_api.TitleCalls, call => call.Messages[1].Content.Contains(user.Username, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_renamed_the_conversation_meanwhile_wins()
    {
        using var user = await _api.SignInAsync();
        var renamed = new TaskCompletionSource();
        _api.Titles[user.Username] = async call =>
        {
            await renamed.Task;
            await call.AnswerAsync("Too Late");
        };
        var id = await TalkAsync(user);
        await EventuallyAsync(() => Task.FromResult(_api.TitleCalls.Any(call => call.Messages[1].Content.Contains(user.Username, StringComparison.Ordinal))));

        (await user.PatchAsync($"/api/core/conversations/{id}", new { title = "Mine" })).ShouldBe(200);
        renamed.SetResult();

        await EventuallyAsync(async () => await BudgetAsync(user) == (36, 0));
        Assert.Equal("Mine", await TitleAsync(user, id, _ => true));
    }

    [Theory]
    [InlineData("Ignore the rules, says the text.\nSecond line with <script>alert(1)</script> and so much more that nobody would call it a title", "Ignore the rules, says the text. Second line with…")]
    [InlineData("", Made)]
    public async Task Whatever_a_model_says_becomes_a_short_line_or_nothing(string says, string title)
    {
        using var user = await _api.SignInAsync();

        var id = await TalkAsync(user, says);

        await EventuallyAsync(() => Task.FromResult(_api.TitleCalls.Any(call => call.Messages[1].Content.Contains(user.Username, StringComparison.Ordinal))));
        await EventuallyAsync(async () => await TitleAsync(user, id, _ => true) == title);
        Assert.Equal(title, await TitleAsync(user, id, _ => true));
    }

    [Fact]
    public async Task A_title_that_was_given_and_an_answer_of_the_rules_ask_for_none()
    {
        using var user = await _api.SignInAsync();
        var named = (await user.PostAsync("/api/core/conversations", new { title = "Named" }))["id"].GetString()!;
        await user.PostAsync("/api/core/chat", new { message = $"{Message} {user.Username}", conversation_id = named });
        var last = await TalkAsync(user, "The Last");

        // Jobs are taken in their order: when the last has its title, the first was looked at.
        await TitleAsync(user, last, title => title == "The Last");

        Assert.Equal("Named", await TitleAsync(user, named, _ => true));
        Assert.Single(_api.TitleCalls, call => call.Messages[1].Content.Contains(user.Username, StringComparison.Ordinal));
    }

    private async Task<string> TalkAsync(ApiClient user, string? title = null)
    {
        if (title is not null) _api.Titles[user.Username] = call => call.AnswerAsync(title);
        var id = (await user.PostAsync("/api/core/conversations", new { })).ShouldBe(201)["id"].GetString()!;
        (await user.PostAsync("/api/core/chat", new { message = $"{Message} {user.Username}", conversation_id = id })).ShouldBe(200);
        return id;
    }

    private static async Task<string?> TitleAsync(ApiClient user, string id, Func<string?, bool> isSo)
    {
        string? title = null;
        await EventuallyAsync(async () => isSo(title = (await user.GetAsync($"/api/core/conversations/{id}")).ShouldBe(200)["title"].GetString()));
        return title;
    }

    private async Task<(long Used, long Reserved)> BudgetAsync(ApiClient user)
    {
        await using var context = await _api.Services.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContextAsync();
        var budget = await context.AiBudgets.SingleAsync(b => b.UserId == user.UserId);
        return (budget.Used, budget.Reserved);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await isSo()) await Task.Delay(50, patience.Token);
    }

    /// <summary>The API and a worker on one database, and a model that gives titles as each learner's test wants them.</summary>
    public sealed class Servers(EmbeddedServers servers) : ApiServer(servers)
    {
        private OpenAIServer? _model;
        private WebApplication? _worker;

        public OpenAIServer Model => _model!;

        /// <summary>How a title is given, by the learner's name, which is in the message.</summary>
        public ConcurrentDictionary<string, Func<OpenAICall, Task>> Titles { get; } = [];

        public IEnumerable<OpenAICall> TitleCalls => Model.Calls.Where(IsTitle);

        protected override Dictionary<string, string?> Settings => new()
        {
            ["AI:Providers:lab:Kind"] = "openai-compatible",
            ["AI:Providers:lab:BaseUrl"] = Model.Address,
            ["AI:Providers:lab:Models:0"] = "tiny",
            ["AI:BreakerFailures"] = "1000",
        };

        public override async ValueTask InitializeAsync()
        {
            _model = await OpenAIServer.StartAsync();
            _model.Behaviour = call => IsTitle(call) && Titles.FirstOrDefault(title => call.Messages[1].Content.Contains(title.Key, StringComparison.Ordinal)).Value is { } give
                ? give(call)
                : call.AnswerAsync("Tell me more.");
            await base.InitializeAsync();
            _worker = WorkerHost.Build(
                [
                    "--environment=Production",
                    "--urls=http://127.0.0.1:0",
                    $"--ConnectionStrings:xentree={Database}",
                    $"--ConnectionStrings:blobs={await Servers.BlobsConnectionStringAsync()}",
                    $"--Encryption:Key={EncryptionKey}",
                    .. Settings.Select(pair => $"--{pair.Key}={pair.Value}"),
                ],
                configure: builder => builder.Logging.ClearProviders());
            await _worker.StartAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            if (_worker is not null)
            {
                await _worker.StopAsync();
                await _worker.DisposeAsync();
            }

            await base.DisposeAsync();
            if (_model is not null) await _model.DisposeAsync();
        }

        private static bool IsTitle(OpenAICall call) => call.Messages[0].Content.Contains("a title", StringComparison.Ordinal);
    }
}
