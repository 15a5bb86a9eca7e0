using System.Text.Json;

namespace Xentree.Tests.Knowledge;

/// <summary>What is found, and by whom.</summary>
public sealed class KnowledgeSearchTests(KnowledgeServer api) : IClassFixture<KnowledgeServer>
{
    [Fact]
    public async Task A_passage_is_found_by_its_meaning_with_page_and_heading()
    {
        using var user = await api.SignInAsync();
        var id = (await user.UploadAsync(KnowledgeSteps.SettlingIn, "settling-in.pdf")).ShouldBe(202)["id"].GetGuid();
        await api.ProcessAsync();

        // None of these words stands in the passage.
        var mold = (await user.SearchAsync("how can I stop mould growing in my flat"))[0];
        var doctor = (await user.SearchAsync("I need to see a doctor"))[0];

        Assert.Equal((id, 2), (mold.GetProperty("document_id").GetGuid(), mold.GetProperty("page").GetInt32()));
        Assert.EndsWith("› Heating and damp", Text(mold, "heading"), StringComparison.Ordinal);
        Assert.StartsWith("Open the windows", Text(mold, "content"), StringComparison.Ordinal);
        Assert.StartsWith("Register with a surgery", Text(doctor, "content"), StringComparison.Ordinal);
        Assert.InRange(mold.GetProperty("score").GetDouble(), 0.1, 1);
    }

    [Fact]
    public async Task A_passage_is_found_by_a_word_that_no_model_knows()
    {
        using var user = await api.SignInAsync();
        await user.UploadTextAsync("Chapter 1\n\nThe part XK-4711b costs nine pounds.\n\nChapter 2\n\nThe part ZZ-0815c costs ten pounds.");
        await api.ProcessAsync();

        Assert.Contains("ZZ-0815c", Text((await user.SearchAsync("ZZ-0815c"))[0], "content"), StringComparison.Ordinal);
        Assert.Contains("XK-4711b", Text((await user.SearchAsync("price of xk-4711b?"))[0], "content"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_are_compared_by_their_stems_in_the_documents_language()
    {
        using var user = await api.SignInAsync();
        await user.UploadTextAsync("Kapitel: Die Häuser der Stadt sind alt, und die Katzen sitzen auf den Dächern. Das ist in dem Ort nicht neu.");
        await api.ProcessAsync();

        Assert.Single(await user.SearchAsync("Katze"));
    }

    [Fact]
    public async Task A_limit_documents_and_a_scope_narrow_the_search()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        using var user = await api.AddMemberAsync(owner, organization, "member");
        var mine = await user.UploadTextAsync("Penguins swim in cold water. Mine.");
        var shared = await owner.UploadTextAsync("Penguins swim in cold water. Shared.", organization: organization);
        await owner.UploadTextAsync("Penguins swim in cold water. Private of the owner.");
        await api.ProcessAsync();

        Assert.Equal([mine, shared], (await user.SearchAsync("penguins")).Select(Document).Order());
        Assert.Equal([mine], (await user.SearchAsync("penguins", scope: "mine")).Select(Document));
        Assert.Equal([shared], (await user.SearchAsync("penguins", scope: "organization")).Select(Document));
        Assert.Equal([shared], (await user.SearchAsync("penguins", documents: [shared])).Select(Document));
        Assert.Empty(await user.SearchAsync("penguins", documents: []));
        Assert.Single(await user.SearchAsync("penguins", limit: 1));
        (await user.PostAsync("/api/knowledge/search", new { query = "penguins", scope = "everybody" })).ShouldFail(400, "validation_failed");
        (await user.PostAsync("/api/knowledge/search", new { query = "penguins", limit = 51 })).ShouldFail(400, "validation_failed");
        (await user.PostAsync("/api/knowledge/search", new { query = "" })).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task Two_organizations_with_the_same_documents_find_each_their_own()
    {
        const string text = "The quarterly figures of the glass factory are excellent.";
        var seen = new List<HashSet<Guid>>();
        foreach (var _ in (int[])[1, 2])
        {
            using var owner = await api.SignInAsync();
            var organization = await owner.CreateOrganizationAsync();
            using var member = await api.AddMemberAsync(owner, organization, "member");
            using var key = await owner.CreateKeyAsync(organization, "rag:read");
            var id = await owner.UploadTextAsync(text, organization: organization);
            await api.ProcessAsync();

            foreach (var caller in (ApiClient[])[owner, member, key])
            {
                var hit = Assert.Single(await caller.SearchAsync("how did the glass factory do this quarter"));
                Assert.Equal(id, Document(hit));
                seen.Add([id, hit.GetProperty("chunk_id").GetGuid()]);
            }

            // Whose ids are known finds no more by naming them.
            foreach (var foreign in seen.Select(ids => ids.First()).Where(other => other != id))
            {
                Assert.Empty(await member.SearchAsync("glass factory", documents: [foreign]));
                (await member.GetAsync($"/api/knowledge/documents/{foreign}/chunks")).ShouldFail(404, "not_found");
            }
        }

        Assert.Equal(4, seen.SelectMany(ids => ids).Distinct().Count());
    }

    [Fact]
    public async Task What_one_replica_deletes_or_unshares_no_other_shows()
    {
        var second = await api.StartReplicaAsync();
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        using var member = await api.AddMemberAsync(owner, organization, "member");
        using var elsewhere = member.On(second);
        var (kept, deleted) = (await owner.UploadTextAsync("Lighthouses warn ships. Kept.", organization: organization), await owner.UploadTextAsync("Lighthouses warn ships. Deleted.", organization: organization));
        await api.ProcessAsync();
        // From here on both have the vectors in memory.
        foreach (var replica in (ApiClient[])[member, elsewhere]) Assert.Equal(2, (await replica.SearchAsync("a beacon for sailors")).Count);

        (await owner.DeleteAsync($"/api/knowledge/documents/{deleted}")).ShouldBe(204);
        Assert.Equal([kept], (await elsewhere.SearchAsync("a beacon for sailors")).Select(Document));
        (await owner.DeleteAsync($"/api/organizations/{organization}/members/{member.UserId}")).ShouldBe(204);
        Assert.Empty(await elsewhere.SearchAsync("a beacon for sailors"));
        Assert.Equal([kept], (await owner.SearchAsync("a beacon for sailors")).Select(Document));
    }

    [Fact]
    public async Task What_is_not_ready_is_not_found()
    {
        using var user = await api.SignInAsync();
        await user.UploadTextAsync("A walrus.");

        Assert.Empty(await user.SearchAsync("walrus"));
        await api.ProcessAsync();
        Assert.Single(await user.SearchAsync("walrus"));
    }

    [Fact]
    public async Task A_question_may_hold_anything()
    {
        using var user = await api.SignInAsync();
        await user.UploadTextAsync("It's a café \\ bar & grill.");
        await api.ProcessAsync();

        foreach (var query in (string[])["'", "\\", "it's a caf\u00e9", "a & b | !c <-> ():*", "{0} {{1}}", "/etc/it's\\here", new string('x', 2_000), "漢字 🙂", string.Join(' ', Enumerable.Range(0, 300).Select(i => $"w{i}"))])
            await user.SearchAsync(query);
    }

    private static Guid Document(JsonElement hit) => hit.GetProperty("document_id").GetGuid();

    private static string Text(JsonElement hit, string name) => hit.GetProperty(name).GetString()!;
}
