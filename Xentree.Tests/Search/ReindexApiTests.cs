using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xentree.Data.Search;
using Xentree.Worker;

namespace Xentree.Tests.Search;

/// <summary>Each test has a server of its own: an installation has one rebuild at a time.</summary>
public sealed class ReindexApiTests(EmbeddedServers servers)
{
    [Fact]
    public async Task Status_counts_what_is_indexed_and_what_is_not()
    {
        await using var api = await StartAsync();
        using var admin = await api.SignInAdminAsync();
        await admin.NoteAsync("Note", "giraffe");
        await admin.SayAsync(await admin.ConversationAsync("Talk"), "Hello.");

        var healthy = (await admin.GetAsync("/api/core/search/status")).ShouldBe(200);
        await api.ExecuteAsync("delete from search_entries where type = 'Note'");
        api.Clock.Advance(TimeSpan.FromMinutes(5));
        var behind = (await admin.GetAsync("/api/core/search/status")).ShouldBe(200);

        Assert.Equal((4, 0, 0), (healthy["indexed"].GetInt32(), healthy["missing"].GetInt32(), healthy["lag_seconds"].GetInt32()));
        Assert.Equal(["conversation 3 0", "note 1 0", "transcript 0 0", "document 0 0"], Types(healthy));
        Assert.Equal(JsonValueKind.Null, healthy["reindex"].ValueKind);
        Assert.Equal((3, 1), (behind["indexed"].GetInt32(), behind["missing"].GetInt32()));
        Assert.InRange(behind["lag_seconds"].GetInt32(), 300, 400);
        Assert.Equal(1, await api.SweepAsync());
        Assert.Equal(["Note"], await admin.FindAsync("giraffe"));
    }

    [Fact]
    public async Task A_rebuild_runs_in_the_worker_and_uses_the_language_that_users_have_now()
    {
        await using var api = await StartAsync();
        using var admin = await api.SignInAdminAsync();
        await admin.NoteAsync("Old", "Die Häuser am Fluss.");
        await admin.SpeakAsync("de");
        await admin.NoteAsync("New", "Die Häuser am See.");
        Assert.Equal(["New"], await admin.FindAsync("\"Haus\""));
        Assert.Equal(2, (await admin.FindAsync("Häuser")).Count);

        var accepted = (await admin.PostAsync("/api/core/search/reindex")).ShouldBe(202);
        var again = (await admin.PostAsync("/api/core/search/reindex")).ShouldBe(202);

        Assert.Equal("/api/core/search/status", accepted.Headers["Location"]);
        Assert.Equal(("queued", 0), (accepted["reindex"].GetProperty("status").GetString(), accepted["reindex"].GetProperty("progress").GetInt32()));
        Assert.Equal(accepted["reindex"].GetProperty("id").GetString(), again["reindex"].GetProperty("id").GetString());
        await using var worker = await StartWorkerAsync(api);
        var done = await FinishedAsync(admin);
        Assert.Equal((100, 2, 2), (done.GetProperty("progress").GetInt32(), done.GetProperty("done").GetInt32(), done.GetProperty("total").GetInt32()));
        Assert.Equal(2, (await admin.FindAsync("\"Haus\"")).Count);
        await worker.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_rebuild_that_is_killed_goes_on_where_it_stopped_and_search_finds_all_meanwhile()
    {
        await using var api = await StartAsync();
        using var admin = await api.SignInAdminAsync();
        await FillAsync(api, admin.UserId, 1_000);
        await api.SweepAsync();
        await admin.PostAsync("/api/core/search/reindex");
        var id = await RebuildIdAsync(api);

        Assert.True(await StepAsync(api, id));
        Assert.True(await StepAsync(api, id));
        using var killed = new CancellationTokenSource();
        await killed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RebuildAsync(api, id, killed.Token));

        var running = (await admin.GetAsync("/api/core/search/status"))["reindex"];
        Assert.Equal(("running", 40, 400), (running.GetProperty("status").GetString(), running.GetProperty("progress").GetInt32(), running.GetProperty("done").GetInt32()));
        Assert.Equal(100, (await admin.FindAsync("giraffe", "&limit=100")).Count);
        await Task.WhenAll(RebuildAsync(api, id), RebuildAsync(api, id));

        var done = (await admin.GetAsync("/api/core/search/status"))["reindex"];
        Assert.Equal(("finished", 1_000), (done.GetProperty("status").GetString(), done.GetProperty("done").GetInt32()));
        Assert.Equal(1_000L, await api.ScalarAsync("select count(*) from search_entries"));
        await RebuildAsync(api, id);
        Assert.Equal("finished", (await admin.GetAsync("/api/core/search/status"))["reindex"].GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_sweep_continues_a_rebuild_whose_job_was_lost()
    {
        await using var api = await StartAsync();
        using var admin = await api.SignInAdminAsync();
        await FillAsync(api, admin.UserId, 300);
        await admin.PostAsync("/api/core/search/reindex");
        await api.ExecuteAsync("delete from hangfire.job");

        await api.SweepAsync();

        Assert.Equal("finished", (await admin.GetAsync("/api/core/search/status"))["reindex"].GetProperty("status").GetString());
        Assert.Equal(100, (await admin.FindAsync("giraffe", "&limit=100")).Count);
        Assert.Equal(0, await api.SweepAsync());
    }

    [Fact]
    public async Task What_changes_while_it_is_rebuilt_is_found_as_it_is_now()
    {
        await using var api = await StartAsync();
        using var admin = await api.SignInAdminAsync();
        var notes = new List<string>();
        for (var i = 0; i < 40; i++) notes.Add(await admin.NoteAsync($"Note {i}", "giraffe"));
        await admin.PostAsync("/api/core/search/reindex");
        var id = await RebuildIdAsync(api);

        await Task.WhenAll(notes.Select(note => admin.PutAsync($"/api/core/notes/{note}", new { title = "Changed", content = "penguin" })).Append(RebuildAsync(api, id)));

        Assert.Empty(await admin.FindAsync("giraffe"));
        Assert.Equal(40, (await admin.FindAsync("penguin", "&limit=100")).Count);
    }

    private async Task<ApiServer> StartAsync()
    {
        var api = new ApiServer(servers);
        await api.InitializeAsync();
        return api;
    }

    private async Task<WebApplication> StartWorkerAsync(ApiServer api)
    {
        var blobs = await servers.BlobsConnectionStringAsync();
        var worker = WorkerHost.Build(
            ["--urls=http://127.0.0.1:0", $"--ConnectionStrings:xentree={api.Database}", $"--ConnectionStrings:blobs={blobs}", $"--Encryption:Key={ApiServer.EncryptionKey}", "--Logging:LogLevel:Default=Error"]);
        await worker.StartAsync(TestContext.Current.CancellationToken);
        return worker;
    }

    private static async Task<JsonElement> FinishedAsync(ApiClient admin)
    {
        while (true)
        {
            var reindex = (await admin.GetAsync("/api/core/search/status")).ShouldBe(200)["reindex"];
            if (reindex.GetProperty("status").GetString() == "finished") return reindex;
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static IEnumerable<string> Types(Answer status) => status["types"].EnumerateArray()
        .Select(type => $"{type.GetProperty("type").GetString()} {type.GetProperty("indexed").GetInt32()} {type.GetProperty("missing").GetInt32()}");

    private static Task FillAsync(ApiServer api, Guid userId, int count) => api.ExecuteAsync(
        $"""
        insert into notes (id, user_id, title, content, created_at, updated_at)
        select ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, '{userId}', 'Note ' || n, 'a giraffe', now(), now() from generate_series(1, {count}) n
        """);

    private static async Task<Guid> RebuildIdAsync(ApiServer api) => (Guid)(await api.ScalarAsync("select id from search_rebuilds where finished_at is null"))!;

    private static async Task<bool> StepAsync(ApiServer api, Guid id)
    {
        await using var scope = api.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SearchUpkeep>().StepAsync(id, TestContext.Current.CancellationToken);
    }

    private static async Task RebuildAsync(ApiServer api, Guid id, CancellationToken? cancellation = null)
    {
        await using var scope = api.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SearchUpkeep>().RebuildAsync(id, cancellation ?? TestContext.Current.CancellationToken);
    }
}
