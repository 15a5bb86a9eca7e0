using Xentree.Tests.Search;

namespace Xentree.Tests.Knowledge;

/// <summary>Documents as the search of everything and the tools of assistants find them.</summary>
public sealed class DocumentFindingTests(DocumentFindingTests.Servers api) : IClassFixture<DocumentFindingTests.Servers>
{
    private const string Find = "/api/core/search?type=document&q=";

    [Fact]
    public async Task A_document_is_found_once_by_what_its_passages_say_and_goes_with_it()
    {
        using var user = await api.SignInAsync();
        using var stranger = await api.SignInAsync();
        var id = await user.UploadTextAsync("# Otters\n\nOtters sleep on their backs.\n\n# More\n\nOtters hold hands.", "River animals");
        await user.NoteAsync("Otters", "A note about otters.");
        Assert.Empty((await user.GetAsync(Find + "otters")).ShouldBe(200).Json.EnumerateArray());
        await api.ProcessAsync();

        var hit = Assert.Single((await user.GetAsync(Find + "otters")).ShouldBe(200).Json.EnumerateArray());
        Assert.Equal(("document", id, "River animals"), (hit.GetProperty("type").GetString(), hit.GetProperty("id").GetGuid(), hit.GetProperty("title").GetString()));
        Assert.Contains("<mark>Otters</mark>", hit.GetProperty("snippet").GetString(), StringComparison.Ordinal);
        Assert.Empty((await stranger.GetAsync(Find + "otters")).ShouldBe(200).Json.EnumerateArray());

        (await user.DeleteAsync($"/api/knowledge/documents/{id}")).ShouldBe(204);
        Assert.Empty((await user.GetAsync(Find + "otters")).ShouldBe(200).Json.EnumerateArray());
    }

    [Fact]
    public async Task A_shared_document_is_found_by_members_and_by_its_owner_alone_when_the_organization_goes()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        using var member = await api.AddMemberAsync(owner, organization, "member");
        var id = await member.UploadTextAsync("Badgers dig with long claws.", "Handbook", organization);
        await api.ProcessAsync();

        foreach (var reader in (ApiClient[])[owner, member]) Assert.Equal([$"{id}"], (await reader.GetAsync(Find + "badgers")).ShouldBe(200).Each("id"));
        (await owner.DeleteAsync($"/api/organizations/{organization}")).ShouldBe(204);
        Assert.Empty((await owner.GetAsync(Find + "badgers")).ShouldBe(200).Json.EnumerateArray());
        Assert.Equal([$"{id}"], (await member.GetAsync(Find + "badgers")).ShouldBe(200).Each("id"));
    }

    [Fact]
    public async Task A_model_looks_passages_up_for_whoever_may_read_them()
    {
        using var user = await api.SignInAsync();
        var organization = await user.CreateOrganizationAsync();
        using var keyed = await user.CreateKeyAsync(organization, "conversations:write", "conversations:read");
        using var reading = await user.CreateKeyAsync(organization, "conversations:write", "rag:read");
        await user.UploadTextAsync("Hedgehogs roll up when they are afraid.", organization: organization);
        await api.ProcessAsync();
        api.Model.Behaviour = call => !call.Request.GetRawText().Contains("knowledge_search", StringComparison.Ordinal) ? call.AnswerAsync("I cannot see that.")
            : call.Request.GetProperty("messages").EnumerateArray().Any(m => m.GetProperty("role").GetString() == "tool") ? call.AnswerAsync("They roll up.")
            : call.CallToolAsync("xentree_knowledge_search", """{"query": "what does a frightened spiny animal do"}""");

        foreach (var caller in (ApiClient[])[user, reading])
        {
            Assert.Equal("They roll up.", await SayAsync(caller));
            var told = api.Model.Calls.Last().Request.GetProperty("messages").EnumerateArray().Last().GetProperty("content").ToString();
            Assert.Contains("Hedgehogs roll up when they are afraid.", told, StringComparison.Ordinal);
        }

        Assert.Equal("I cannot see that.", await SayAsync(keyed));
    }

    private static async Task<string?> SayAsync(ApiClient caller) => (await caller.PostAsync("/api/core/chat", new { message = "What do they do?" })).ShouldBe(200)["content"].GetString();

    /// <summary>The API with a model that looks things up.</summary>
    public sealed class Servers(EmbeddedServers servers) : KnowledgeServer(servers)
    {
        private WireServer? _model;

        public WireServer Model => _model!;

        protected override Dictionary<string, string?> Settings => new()
        {
            ["AI:Providers:lab:Kind"] = "openai-compatible",
            ["AI:Providers:lab:BaseUrl"] = Model.Address + "/v1",
            ["AI:Providers:lab:Tools"] = "true",
            ["AI:Providers:lab:Models:0"] = "tiny",
        };

        public override async ValueTask InitializeAsync()
        {
            _model = await WireServer.StartAsync(Wire.All["openai-compatible"]);
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            GC.SuppressFinalize(this);
            await base.DisposeAsync();
            await Model.DisposeAsync();
        }
    }
}
