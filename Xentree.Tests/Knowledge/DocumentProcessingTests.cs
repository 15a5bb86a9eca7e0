using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xentree.Data;
using Xentree.Data.Knowledge;

namespace Xentree.Tests.Knowledge;

/// <summary>The worker's way from a file to passages and vectors, whatever comes in between. Each test has a server of its own, because a run takes all that waits.</summary>
public sealed class DocumentProcessingTests(EmbeddedServers servers)
{
    private const string Model = "all-MiniLM-L6-v2";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_cannot_be_read_says_why_and_can_be_sent_again()
    {
        await using var api = await StartAsync();
        using var user = await api.SignInAsync();
        var id = (await user.UploadAsync(KnowledgeSteps.File("encrypted.pdf"), "x.pdf")).ShouldBe(202)["id"].GetGuid();
        Assert.Equal(1, await api.ProcessAsync());

        var failed = await user.DocumentAsync(id);
        Assert.Equal(("failed", "The file is encrypted: upload it without a password."), (failed["status"].GetString(), failed["failure"].GetString()));
        Assert.Equal(0, await api.ProcessAsync());

        var again = (await user.UploadAsync(KnowledgeSteps.File("encrypted.pdf"), "x.pdf")).ShouldBe(202);
        Assert.Equal((id, "processing", null), (again["id"].GetGuid(), again["status"].GetString(), again["failure"].GetString()));
        Assert.Equal(1, await api.ProcessAsync());
    }

    [Fact]
    public async Task A_worker_killed_in_the_middle_is_taken_over_from_where_it_stood()
    {
        await using var api = await StartAsync();
        using var user = await api.SignInAsync();
        var id = await user.UploadTextAsync(Book(400));
        using (var worker = await StartWorkerAsync(api))
        {
            while (await VectorsAsync(api, id) == 0) Assert.False(worker.HasExited, "It was done before it was killed.");
            worker.Kill();
            await worker.WaitForExitAsync(Cancelled);
        }

        var before = await ChunksAsync(api, id);
        var embedded = await VectorsAsync(api, id);
        Assert.Equal(400, before.Count);
        Assert.InRange(embedded, 1, 399);
        Assert.InRange((await user.DocumentAsync(id))["progress"].GetInt32(), 20, 99);
        // The dead one's lease still runs.
        Assert.Equal(0, await api.ProcessAsync());

        api.Clock.Advance(DocumentWork.Lease.ToTimeSpan() + TimeSpan.FromSeconds(1));
        Assert.Equal(1, await api.ProcessAsync());

        Assert.Equal("ready", (await user.DocumentAsync(id))["status"].GetString());
        Assert.Equal(before, await ChunksAsync(api, id));
        Assert.Equal(400, await VectorsAsync(api, id));
    }

    [Fact]
    public async Task Two_workers_at_once_do_each_document_once()
    {
        await using var api = await StartAsync();
        using var user = await api.SignInAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 6; i++) ids.Add(await user.UploadTextAsync($"{i}. {Book(10)}"));
        var (one, two) = (await api.WorkerAsync(), await api.WorkerAsync());

        var counts = await Task.WhenAll(KnowledgeServer.ProcessAsync(one), KnowledgeServer.ProcessAsync(two));

        Assert.Equal(6, counts.Sum());
        foreach (var id in ids)
        {
            Assert.Equal(("ready", 10), ((await user.DocumentAsync(id))["status"].GetString(), (await user.DocumentAsync(id))["chunk_count"].GetInt32()));
            Assert.Equal(10, await VectorsAsync(api, id));
        }
    }

    [Fact]
    public async Task Who_lost_the_lease_writes_nothing()
    {
        await using var api = await StartAsync();
        using var user = await api.SignInAsync();
        var id = await user.UploadTextAsync("A text.");
        await using var scope = api.Services.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<DocumentWork>();
        var slow = (await work.ClaimAsync(Model, Cancelled))!;
        api.Clock.Advance(DocumentWork.Lease.ToTimeSpan() + TimeSpan.FromSeconds(1));
        Assert.Equal(1, await api.ProcessAsync());
        var done = await ChunksAsync(api, id);

        await Assert.ThrowsAsync<LeaseLostException>(() => work.RenewAsync(slow, 50, Cancelled));
        await Assert.ThrowsAsync<LeaseLostException>(() => work.ReplaceChunksAsync(slow, [new(0, null, null, "Other.", 1)], "english", Cancelled));
        await Assert.ThrowsAsync<LeaseLostException>(() => work.FailAsync(slow, "Failed.", Cancelled));

        Assert.Equal("ready", (await user.DocumentAsync(id))["status"].GetString());
        Assert.Equal(done, await ChunksAsync(api, id));
    }

    [Fact]
    public async Task A_document_deleted_while_it_is_read_stays_deleted()
    {
        await using var api = await StartAsync();
        using var user = await api.SignInAsync();
        var id = await user.UploadTextAsync("A text.");
        await using var scope = api.Services.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<DocumentWork>();
        var claimed = (await work.ClaimAsync(Model, Cancelled))!;

        (await user.DeleteAsync($"/api/knowledge/documents/{id}")).ShouldBe(204);

        await Assert.ThrowsAsync<LeaseLostException>(() => work.ReplaceChunksAsync(claimed, [new(0, null, null, "A text.", 1)], "english", Cancelled));
        Assert.Empty(await ChunksAsync(api, id));
    }

    [Fact]
    public async Task While_storage_is_away_a_document_waits_and_is_given_up_in_the_end()
    {
        await using var api = await StartAsync();
        using var user = await api.SignInAsync();
        var (waits, given) = (await user.UploadTextAsync("Waits."), await user.UploadTextAsync("Given up."));
        var blind = await api.WorkerAsync(("ConnectionStrings:blobs", "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:9/devstoreaccount1"));
        // Without the client's own patience.
        Assert.Equal(2, await KnowledgeServer.ProcessAsync(blind));
        Assert.Equal("processing", (await user.DocumentAsync(waits))["status"].GetString());
        Assert.Equal(0, await api.ProcessAsync());

        api.Clock.Advance(TimeSpan.FromMinutes(1));
        await using (var context = await ContextAsync(api)) await context.Documents.Where(d => d.Id == given).ExecuteUpdateAsync(set => set.SetProperty(d => d.Attempts, 5), Cancelled);
        Assert.Equal(2, await api.ProcessAsync());

        Assert.Equal("ready", (await user.DocumentAsync(waits))["status"].GetString());
        var failed = await user.DocumentAsync(given);
        Assert.Equal("failed", failed["status"].GetString());
        Assert.Contains("several attempts", failed["failure"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_model_embeds_again_while_the_search_goes_on()
    {
        await using var api = await StartAsync();
        await using var hosted = await HostedModel.StartAsync();
        using var user = await api.SignInAsync();
        var id = await user.UploadTextAsync("Chapter 1\n\nOtters hold hands while they sleep.\n\nChapter 2\n\nFoxes dig dens.");
        Assert.Equal(1, await api.ProcessAsync());
        (string, string)[] settings = [("AI:Embeddings:Kind", "openai-compatible"), ("AI:Embeddings:Model", "hosted-1"), ("AI:Embeddings:BaseUrl", hosted.Address)];
        var worker = await api.WorkerAsync(settings);
        using var elsewhere = user.On(await api.StartReplicaAsync(settings.ToDictionary(pair => pair.Item1, pair => (string?)pair.Item2)));

        // A replica with the new model finds by words what has no vector of it yet.
        Assert.Contains("Otters", (await elsewhere.SearchAsync("otters"))[0].GetProperty("content").GetString(), StringComparison.Ordinal);
        hosted.Fails = true;
        await KnowledgeServer.ProcessAsync(worker);
        Assert.Equal(("ready", 100), ((await user.DocumentAsync(id))["status"].GetString(), (await user.DocumentAsync(id))["progress"].GetInt32()));
        Assert.NotEmpty(await elsewhere.SearchAsync("otters"));
        Assert.NotEmpty(await user.SearchAsync("animals that nap"));

        hosted.Fails = false;
        api.Clock.Advance(TimeSpan.FromHours(1.1));
        Assert.Equal(1, await KnowledgeServer.ProcessAsync(worker));

        await using (var context = await ContextAsync(api))
        {
            Assert.Equal(["hosted-1", "hosted-1"], await context.DocumentVectors.Where(v => v.DocumentId == id).Select(v => v.Model).ToListAsync(Cancelled));
            Assert.Equal("hosted-1", await context.Documents.Where(d => d.Id == id).Select(d => d.EmbeddingModel).SingleAsync(Cancelled));
        }

        // An hour and more is longer than a token lives.
        await elsewhere.LogInAsync(user.Username);
        // No word in common: the model that says that everything about sleep is alike found it.
        Assert.Contains("Otters", (await elsewhere.SearchAsync("zzz"))[0].GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await KnowledgeServer.ProcessAsync(worker));
    }

    [Fact]
    public async Task Without_a_model_documents_are_found_by_their_words()
    {
        await using var api = await StartAsync();
        using var user = await api.SignInAsync();
        await user.UploadTextAsync("Otters hold hands.");
        Assert.Equal(1, await KnowledgeServer.ProcessAsync(await api.WorkerAsync(("AI:Embeddings:Kind", "none"))));
        using var wordless = user.On(await api.StartReplicaAsync(new() { ["AI:Embeddings:Kind"] = "none" }));

        Assert.Single(await wordless.SearchAsync("otter"));
        Assert.Empty(await wordless.SearchAsync("animals"));
    }

    [Fact(Skip = Slow.Why, SkipUnless = nameof(Slow.IsWanted), SkipType = typeof(Slow))]
    public async Task Eighty_pages_need_bounded_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The greatest memory of a process is read from /proc.");
        await using var api = await StartAsync();
        using var user = await api.SignInAsync();
        var id = (await user.UploadAsync(Pdf(pages: 80), "eighty.pdf")).ShouldBe(202)["id"].GetGuid();

        var watch = Stopwatch.StartNew();
        using var worker = await StartWorkerAsync(api);
        var peak = 0L;
        while (!worker.WaitForExit(TimeSpan.FromMilliseconds(50))) peak = Math.Max(peak, PeakBytes(worker.Id));

        var document = await user.DocumentAsync(id);
        Assert.Equal("ready", document["status"].GetString());
        Assert.InRange(document["chunk_count"].GetInt32(), 80, 1_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{document["chunk_count"].GetInt32()} passages, {watch.Elapsed.TotalSeconds:0.0} s, {peak >> 20} MB");
        Assert.InRange(peak, 1, 900L << 20);
    }

    [Fact]
    public async Task An_upload_asks_the_worker_for_a_run()
    {
        await using var api = await StartAsync();
        using var user = await api.SignInAsync();

        await user.UploadTextAsync("A text.");

        await using var context = await ContextAsync(api);
        var queued = await context.Database.SqlQuery<string>($"select j.invocationdata::text as \"Value\" from hangfire.jobqueue q join hangfire.job j on j.id = q.jobid where q.queue = 'slow'").ToListAsync(Cancelled);
        Assert.Contains("NamedJobs", Assert.Single(queued), StringComparison.Ordinal);
    }

    private async Task<KnowledgeServer> StartAsync()
    {
        var api = new KnowledgeServer(servers);
        await api.InitializeAsync();
        return api;
    }

    private static string Book(int chapters)
    {
        var text = new StringBuilder();
        for (var i = 1; i <= chapters; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"Chapter {i}\n\n{string.Join(' ', Enumerable.Repeat($"In this chapter the traveller sees town number {i} and writes a letter about it.", 8))}\n\n");
        return text.ToString();
    }

    private static async Task<Process> StartWorkerAsync(KnowledgeServer api)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Xentree.Worker.dll"), "run", DocumentWork.Job]) { WorkingDirectory = AppContext.BaseDirectory };
        foreach (var (name, value) in await api.WorkerSettingsAsync()) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["Logging__LogLevel__Default"] = "Error";
        return Process.Start(start)!;
    }

    private static long PeakBytes(int process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) << 10).FirstOrDefault();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return 0;
        }
    }

    /// <summary>Full pages of text that never says the same twice.</summary>
    private static byte[] Pdf(int pages)
    {
        var objects = new List<string> { "<< /Type /Catalog /Pages 2 0 R >>", $"<< /Type /Pages /Kids [{string.Join(' ', Enumerable.Range(0, pages).Select(page => $"{4 + (2 * page)} 0 R"))}] /Count {pages} >>", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>" };
        for (var page = 0; page < pages; page++)
        {
            var lines = Enumerable.Range(0, 46).Select(line => $"(In town {page} the traveller counts {line} bridges, writes letter {(page * 46) + line} home and rests near the river.) Tj T*\n");
            var text = $"BT /F1 10 Tf 12 TL 50 780 Td\n{string.Concat(lines)}ET";
            objects.Add($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + (2 * page)} 0 R >>");
            objects.Add($"<< /Length {text.Length} >>\nstream\n{text}\nendstream");
        }

        var (file, table) = (new StringBuilder("%PDF-1.4\n"), new StringBuilder());
        foreach (var (index, content) in objects.Index())
        {
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"{file.Length:0000000000} 00000 n \n");
            file.Append(System.Globalization.CultureInfo.InvariantCulture, $"{index + 1} 0 obj\n{content}\nendobj\n");
        }

        var start = file.Length;
        file.Append(System.Globalization.CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n{table}trailer << /Size {objects.Count + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF");
        return Encoding.ASCII.GetBytes(file.ToString());
    }

    private static Task<XentreeDbContext> ContextAsync(KnowledgeServer api) => api.Services.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContextAsync(Cancelled);

    private static async Task<int> VectorsAsync(KnowledgeServer api, Guid document)
    {
        await using var context = await ContextAsync(api);
        return await context.DocumentVectors.CountAsync(v => v.DocumentId == document, Cancelled);
    }

    private static async Task<List<Guid>> ChunksAsync(KnowledgeServer api, Guid document)
    {
        await using var context = await ContextAsync(api);
        return await context.DocumentChunks.Where(c => c.DocumentId == document).OrderBy(c => c.Ordinal).Select(c => c.Id).ToListAsync(Cancelled);
    }

    /// <summary>A hosted model that knows one thing: whether a text is about sleep.</summary>
    private sealed class HostedModel : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private HostedModel(WebApplication app) => _app = app;

        public bool Fails { get; set; }

        public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1";

        public static async Task<HostedModel> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var model = new HostedModel(builder.Build());
            model._app.MapPost("/v1/embeddings", (JsonElement request) => model.Fails
                ? Results.StatusCode(500)
                : Results.Json(new
                {
                    @object = "list",
                    model = "hosted-1",
                    usage = new { prompt_tokens = 1, total_tokens = 1 },
                    data = request.GetProperty("input").EnumerateArray().Select((text, index) => new { @object = "embedding", index, embedding = Vector(text.GetString()!) }),
                }));
            await model._app.StartAsync();
            return model;
        }

        public async ValueTask DisposeAsync()
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        private static string Vector(string text)
        {
            float[] vector = text.Contains("sleep", StringComparison.Ordinal) || text.Contains("zzz", StringComparison.Ordinal) ? [2, 0, 0] : [0, 3, 0];
            return Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.AsSpan()));
        }
    }
}
