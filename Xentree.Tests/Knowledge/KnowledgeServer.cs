using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Xentree.Data.Knowledge;
using Xentree.Domain;
using Xentree.Worker;

namespace Xentree.Tests.Knowledge;

/// <summary>The API, and a worker that reads documents when a test says so.</summary>
public class KnowledgeServer(EmbeddedServers servers) : ApiServer(servers)
{
    private readonly List<WebApplication> _workers = [];
    private WebApplication? _worker;

    /// <summary>Works on all documents that wait, as the worker's job does; how many there were.</summary>
    public async Task<long> ProcessAsync() => await ProcessAsync(_worker ??= await WorkerAsync());

    /// <summary>The same on a worker with other settings.</summary>
    public static async Task<long> ProcessAsync(WebApplication worker)
    {
        await using var scope = worker.Services.CreateAsyncScope();
        var now = worker.Services.GetRequiredService<TimeProvider>().Now;
        return await scope.ServiceProvider.GetRequiredService<JobRunner>().RunAtAsync(DocumentWork.Job, now, TestContext.Current.CancellationToken);
    }

    /// <summary>A worker that runs what it is told to, and no schedule.</summary>
    public async Task<WebApplication> WorkerAsync(params (string Name, string Value)[] settings)
    {
        var all = await WorkerSettingsAsync();
        foreach (var (name, value) in settings) all[name] = value;
        var worker = WorkerHost.Build([.. all.Select(pair => $"--{pair.Key}={pair.Value}")], isHost: false, builder =>
        {
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Error).AddSimpleConsole();
        });
        _workers.Add(worker);
        return worker;
    }

    /// <summary>What a worker must know.</summary>
    public async Task<Dictionary<string, string>> WorkerSettingsAsync() => new()
    {
        ["ConnectionStrings:xentree"] = Database,
        ["ConnectionStrings:blobs"] = await Servers.BlobsConnectionStringAsync(),
        ["Encryption:Key"] = EncryptionKey,
    };

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var worker in _workers) await worker.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>What many tests of the knowledge base do.</summary>
internal static class KnowledgeSteps
{
    private static string Folder { get; } = Path.Combine(Repository.Root, "Xentree.Tests", "Knowledge", "Files");

    public static byte[] File(string name) => System.IO.File.ReadAllBytes(Path.Combine(Folder, name));

    public static byte[] SettlingIn { get; } = System.IO.File.ReadAllBytes(Path.Combine(Repository.Root, "samples", "settling-in.pdf"));

    extension(ApiClient client)
    {
        /// <summary>Uploads a file.</summary>
        public Task<Answer> UploadAsync(byte[] content, string fileName = "guide.txt", string? title = null, Guid? organization = null, params (string Name, string Value)[] headers)
        {
            var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", fileName } };
            if (title is not null) form.Add(new StringContent(title), "title");
            if (organization is not null) form.Add(new StringContent($"{organization}"), "organization_id");
            return client.SendContentAsync(HttpMethod.Post, "/api/knowledge/documents", form, headers: headers);
        }

        /// <summary>Uploads a text that will be accepted; its document's id.</summary>
        public async Task<Guid> UploadTextAsync(string text, string title = "A text", Guid? organization = null) =>
            (await client.UploadAsync(System.Text.Encoding.UTF8.GetBytes(text), title: title, organization: organization)).ShouldBe(202)["id"].GetGuid();

        /// <summary>A document as its owner sees it.</summary>
        public async Task<Answer> DocumentAsync(Guid id) => (await client.GetAsync($"/api/knowledge/documents/{id}")).ShouldBe(200);

        /// <summary>Searches; the results.</summary>
        public async Task<IReadOnlyList<System.Text.Json.JsonElement>> SearchAsync(string query, int limit = 5, object? scope = null, Guid[]? documents = null) =>
            [.. (await client.PostAsync("/api/knowledge/search", new { query, limit, scope = scope ?? "all", document_ids = documents })).ShouldBe(200)["results"].EnumerateArray()];
    }
}
