using System.Net;
using System.Text;
using Azure.Storage.Blobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xentree.Data;
using Xentree.Data.Blobs;
using Xentree.Domain;
using Xentree.Worker.Maintenance;

namespace Xentree.Tests.Knowledge;

/// <summary>Uploading, sharing, seeing and deleting documents over HTTP.</summary>
public sealed class DocumentApiTests(KnowledgeServer api) : IClassFixture<KnowledgeServer>
{
    private const int MaxBytes = 20 << 20;

    [Fact]
    public async Task An_upload_is_accepted_and_can_be_looked_at()
    {
        using var user = await api.SignInAsync();

        var uploaded = (await user.UploadAsync(KnowledgeSteps.SettlingIn, @"C:\papers\Settling in.pdf")).ShouldBe(202);

        Assert.Equal(("Settling in", "application/pdf", "processing", 0), (uploaded["title"].GetString(), uploaded["media_type"].GetString(), uploaded["status"].GetString(), uploaded["progress"].GetInt32()));
        Assert.Equal(KnowledgeSteps.SettlingIn.Length, uploaded["size_bytes"].GetInt32());
        var found = (await user.GetAsync(uploaded.Headers["Location"])).ShouldBe(200);
        Assert.Equal(uploaded["id"].GetGuid(), found["id"].GetGuid());
        Assert.Equal([uploaded["id"].GetString()], (await user.GetAsync("/api/knowledge/documents")).Each("id"));
    }

    [Theory]
    [InlineData("guide.txt", "x.pdf", "text/plain")]
    [InlineData("guide.md", "guide.md", "text/markdown")]
    [InlineData("guide.html", "guide.txt", "text/html")]
    [InlineData("guide.pdf", "guide.txt", "application/pdf")]
    [InlineData("guide.docx", "guide.zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")]
    public async Task The_content_decides_what_a_file_is(string file, string name, string mediaType)
    {
        using var user = await api.SignInAsync();

        Assert.Equal(mediaType, (await user.UploadAsync(KnowledgeSteps.File(file), name)).ShouldBe(202)["media_type"].GetString());
    }

    [Fact]
    public async Task What_is_no_document_is_refused()
    {
        using var user = await api.SignInAsync();

        (await user.UploadAsync([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13], "guide.pdf")).ShouldFail(415, "unsupported_media_type");
        (await user.UploadAsync([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0], "guide.docx")).ShouldFail(415, "unsupported_media_type");
        (await user.UploadAsync([], "guide.txt")).ShouldFail(400, "validation_failed");
        (await user.SendContentAsync(HttpMethod.Post, "/api/knowledge/documents", new MultipartFormDataContent { { new StringContent("x"), "title" } })).ShouldFail(400, "validation_failed");
        (await user.PostAsync("/api/knowledge/documents", new { title = "x" })).ShouldFail(415, "unsupported_media_type");
        (await user.UploadAsync("x"u8.ToArray(), title: new string('x', 201))).ShouldFail(400, "validation_failed");
        (await user.PostRawAsync("/api/knowledge/documents", "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\ncut off", "multipart/form-data")).ShouldFail(400, "malformed_body");
    }

    [Fact]
    public async Task Twenty_megabytes_are_accepted_and_a_byte_more_is_not()
    {
        using var user = await api.SignInAsync();
        var file = new byte[MaxBytes + 1];
        Array.Fill(file, (byte)'a');

        (await user.UploadAsync(file[..MaxBytes])).ShouldBe(202);
        (await user.UploadAsync(file)).ShouldFail(413, "too_large");
    }

    [Fact]
    public async Task An_upload_that_says_it_is_a_gigabyte_is_refused()
    {
        using var user = await api.SignInAsync();

        (await user.SendContentAsync(HttpMethod.Post, "/api/knowledge/documents", new MultipartFormDataContent { { new EndlessText(1L << 30, saysItsLength: true), "file", "big.txt" } }))
            .ShouldFail(413, "too_large");
    }

    [Fact]
    public async Task An_upload_without_an_end_is_read_no_further_than_it_may_be_large()
    {
        using var user = await api.SignInAsync();
        var endless = new EndlessText(1L << 40, saysItsLength: false);
        try
        {
            (await user.SendContentAsync(HttpMethod.Post, "/api/knowledge/documents", new MultipartFormDataContent { { endless, "file", "big.txt" } })).ShouldFail(413, "too_large");
        }
        catch (HttpRequestException)
        {
            // The connection ended while this client still sent; it reads an answer only when it has sent all.
        }

        Assert.InRange(endless.Sent, MaxBytes, 4 * MaxBytes);
    }

    [Fact]
    public async Task The_same_file_is_the_same_document_for_the_same_readers()
    {
        using var user = await api.SignInAsync();
        using var another = await api.SignInAsync();
        var organization = await user.CreateOrganizationAsync();

        var ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => user.UploadTextAsync("The very same.", $"Title {i}")));
        var shared = await user.UploadTextAsync("The very same.", organization: organization);
        var foreign = await another.UploadTextAsync("The very same.");

        Assert.Single(ids.Distinct());
        Assert.Equal(3, new[] { ids[0], shared, foreign }.Distinct().Count());
        Assert.Equal(2, (await user.GetAsync("/api/knowledge/documents")).Json.GetArrayLength());
    }

    [Fact]
    public async Task An_idempotency_key_replays_the_answer()
    {
        using var user = await api.SignInAsync();

        var first = (await user.UploadAsync("once"u8.ToArray(), headers: ("Idempotency-Key", "k1"))).ShouldBe(202);
        var second = (await user.UploadAsync("once"u8.ToArray(), headers: ("Idempotency-Key", "k1"))).ShouldBe(202);
        (await user.UploadAsync("twice"u8.ToArray(), headers: ("Idempotency-Key", "k1"))).ShouldFail(409, "idempotency_conflict");

        Assert.Equal(first["id"].GetGuid(), second["id"].GetGuid());
        Assert.Equal("true", second.Headers["Idempotency-Replayed"]);
    }

    [Fact]
    public async Task A_private_document_exists_for_its_owner_alone()
    {
        using var user = await api.SignInAsync();
        using var another = await api.SignInAsync();
        using var key = await api.KeyForAsync(user, "api:admin");
        var id = await user.UploadTextAsync("Private.");

        foreach (var stranger in (ApiClient[])[another, key])
        {
            (await stranger.GetAsync($"/api/knowledge/documents/{id}")).ShouldFail(404, "not_found");
            (await stranger.GetAsync($"/api/knowledge/documents/{id}/chunks")).ShouldFail(404, "not_found");
            (await stranger.DeleteAsync($"/api/knowledge/documents/{id}")).ShouldFail(404, "not_found");
            Assert.Empty((await stranger.GetAsync("/api/knowledge/documents")).Each("id"));
        }

        Assert.Equal([$"{id}"], (await user.GetAsync("/api/knowledge/documents")).Each("id"));
    }

    [Fact]
    public async Task A_shared_document_is_seen_by_members_and_deleted_by_its_owner_or_who_administers()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        using var author = await api.AddMemberAsync(owner, organization, "member");
        using var reader = await api.AddMemberAsync(owner, organization, "manager");
        using var stranger = await api.SignInAsync();
        var (first, second) = (await author.UploadTextAsync("First.", organization: organization), await author.UploadTextAsync("Second.", organization: organization));

        (await stranger.UploadAsync("x"u8.ToArray(), organization: organization)).ShouldFail(404, "not_found");
        Assert.Equal([$"{second}", $"{first}"], (await reader.GetAsync("/api/knowledge/documents")).Each("id"));
        (await reader.DeleteAsync($"/api/knowledge/documents/{first}")).ShouldFail(403, "forbidden");
        (await owner.DeleteAsync($"/api/knowledge/documents/{first}")).ShouldBe(204);
        (await author.GetAsync($"/api/knowledge/documents/{first}")).ShouldFail(404, "not_found");
        (await owner.DeleteAsync($"/api/organizations/{organization}/members/{reader.UserId}")).ShouldBe(204);
        (await reader.GetAsync($"/api/knowledge/documents/{second}")).ShouldFail(404, "not_found");
        (await owner.DeleteAsync($"/api/organizations/{organization}")).ShouldBe(204);

        Assert.Null((await author.DocumentAsync(second))["organization_id"].GetString());
        (await author.DeleteAsync($"/api/knowledge/documents/{second}")).ShouldBe(204);
    }

    [Fact]
    public async Task A_key_shares_with_its_organization_and_sees_what_is_shared_with_it()
    {
        using var owner = await api.SignInAsync();
        var (organization, other) = (await owner.CreateOrganizationAsync(), await owner.CreateOrganizationAsync());
        using var key = await owner.CreateKeyAsync(organization, "rag:read", "rag:write");
        using var member = await api.AddMemberAsync(owner, organization, "member");
        var elsewhere = await owner.UploadTextAsync("Elsewhere.", organization: other);

        var id = (await key.UploadAsync("By key."u8.ToArray())).ShouldBe(202)["id"].GetGuid();
        (await key.UploadAsync("By key."u8.ToArray(), organization: other)).ShouldFail(404, "not_found");

        Assert.Equal(organization, (await member.DocumentAsync(id))["organization_id"].GetGuid());
        Assert.Equal([$"{id}"], (await key.GetAsync("/api/knowledge/documents")).Each("id"));
        (await key.GetAsync($"/api/knowledge/documents/{elsewhere}")).ShouldFail(404, "not_found");
    }

    [Fact]
    public async Task A_list_is_paged()
    {
        using var user = await api.SignInAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Insert(0, $"{await user.UploadTextAsync($"Text {i}")}");

        var first = await user.GetAsync("/api/knowledge/documents?limit=3");
        var second = await user.GetAsync(first.Next!);

        Assert.Equal(ids, [.. first.Each("id").OfType<string>(), .. second.Each("id").OfType<string>()]);
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task Passages_are_listed_in_reading_order()
    {
        using var user = await api.SignInAsync();
        var id = await user.UploadTextAsync(string.Join("\n\n", Enumerable.Range(1, 30).Select(i => $"Chapter {i}\n\nWhat happens in chapter number {i}.")));
        await api.ProcessAsync();

        var first = await user.GetAsync($"/api/knowledge/documents/{id}/chunks");
        var second = await user.GetAsync(first.Next!);

        Assert.Equal((30, "ready", 100), ((await user.DocumentAsync(id))["chunk_count"].GetInt32(), (await user.DocumentAsync(id))["status"].GetString(), (await user.DocumentAsync(id))["progress"].GetInt32()));
        Assert.Equal(Enumerable.Range(0, 30), first.Json.EnumerateArray().Concat(second.Json.EnumerateArray()).Select(chunk => chunk.GetProperty("ordinal").GetInt32()));
        Assert.Equal("Chapter 1", first.Each("heading")[0]);
    }

    [Fact]
    public async Task The_export_holds_documents_and_their_words()
    {
        using var user = await api.SignInAsync();
        await user.UploadTextAsync("Words to take along.", "Luggage");
        await api.ProcessAsync();

        var export = (await user.GetAsync("/api/auth/me/export")).ShouldBe(200);

        Assert.Equal("Luggage", export["documents"][0].GetProperty("title").GetString());
        Assert.Equal("Words to take along.", export["document_chunks"][0].GetProperty("content").GetString());
    }

    [Fact]
    public async Task Deleting_leaves_neither_rows_nor_file()
    {
        using var user = await api.SignInAsync();
        using var erased = await api.SignInAsync();
        await using var context = await api.Services.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        var blobs = api.Services.GetRequiredService<BlobServiceClient>().GetBlobContainerClient(BlobContainers.Documents);
        Guid[] ids = [await user.UploadTextAsync("To be deleted."), await erased.UploadTextAsync("To be erased.")];
        await api.ProcessAsync();
        var names = await context.Documents.Where(d => ids.Contains(d.Id)).Select(d => d.Blob).ToListAsync(TestContext.Current.CancellationToken);

        (await user.DeleteAsync($"/api/knowledge/documents/{ids[0]}")).ShouldBe(204);
        (await erased.DeleteAsync("/api/auth/me")).ShouldBe(204);

        Assert.False(await context.Documents.AnyAsync(d => ids.Contains(d.Id), TestContext.Current.CancellationToken));
        Assert.False(await context.DocumentChunks.AnyAsync(c => ids.Contains(c.DocumentId), TestContext.Current.CancellationToken));
        Assert.False(await context.DocumentVectors.AnyAsync(v => ids.Contains(v.DocumentId), TestContext.Current.CancellationToken));
        var worker = await api.WorkerAsync();
        await DeleteUnusedBlobs.RunAsync(worker.Services, api.Clock.Now, TestContext.Current.CancellationToken);
        Assert.Equal(2, names.Count);
        foreach (var name in names) Assert.False((await blobs.GetBlobClient(name).ExistsAsync(TestContext.Current.CancellationToken)).Value);
    }

    /// <summary>A text that counts how much of it was asked for.</summary>
    private sealed class EndlessText(long length, bool saysItsLength) : HttpContent
    {
        public long Sent { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = Encoding.ASCII.GetBytes(new string('a', 1 << 16));
            for (; Sent < length; Sent += block.Length) await stream.WriteAsync(block);
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return saysItsLength;
        }
    }
}
