using System.Text.Json;

namespace Xentree.Tests.Organizations;

public sealed class OrganizationApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task The_creator_owns_a_new_organization_and_is_its_only_member()
    {
        using var owner = await api.SignInAsync();
        var slug = ApiServer.UniqueName("riverside-");

        var created = (await owner.PostAsync("/api/organizations", new { name = "Riverside", slug, description = "Evenings" })).ShouldBe(201);

        Assert.Equal($"/api/organizations/{created["id"].GetString()}", created.Headers["Location"]);
        Assert.Equal("owner", created["role"].GetString());
        Assert.Equal(1, created["member_count"].GetInt32());
        var read = (await owner.GetAsync(created.Headers["Location"])).ShouldBe(200);
        Assert.Equal(created.Text, read.Text);
        Assert.Equal([slug], (await owner.GetAsync("/api/organizations")).ShouldBe(200).Each("slug"));
    }

    [Theory]
    [InlineData("""{"slug":"a-school"}""", "name")]
    [InlineData("""{"name":"  ","slug":"a-school"}""", "name")]
    [InlineData("""{"name":"A school","slug":"A School"}""", "slug")]
    [InlineData("""{"name":"A school","slug":"a"}""", "slug")]
    [InlineData("""{"name":"A school","slug":"a-school","description":"\u0000"}""", "description")]
    public async Task A_bad_organization_names_the_field(string body, string field)
    {
        using var user = await api.SignInAsync();

        var answer = (await user.PostRawAsync("/api/organizations", body)).ShouldFail(400, "validation_failed");

        Assert.Equal([field], answer["detail"].GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task A_slug_is_one_organizations_only()
    {
        using var owner = await api.SignInAsync();
        var (first, second) = (await owner.CreateOrganizationAsync(), await owner.CreateOrganizationAsync());
        var slug = (await owner.GetAsync($"/api/organizations/{first}"))["slug"].GetString();

        (await owner.PostAsync("/api/organizations", new { name = "Another", slug })).ShouldFail(409, "slug_taken");
        (await owner.PatchAsync($"/api/organizations/{second}", new { slug })).ShouldFail(409, "slug_taken");
        (await owner.PatchAsync($"/api/organizations/{first}", new { slug })).ShouldBe(200);
    }

    [Fact]
    public async Task The_same_idempotency_key_creates_one_organization()
    {
        using var owner = await api.SignInAsync();
        var body = new { name = "Once", slug = ApiServer.UniqueName("once-") };

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => owner.PostAsync("/api/organizations", body, ("Idempotency-Key", "one"))));

        Assert.Single(answers.Select(answer => answer.ShouldBe(201)["id"].GetString()).Distinct());
        Assert.Single((await owner.GetAsync("/api/organizations")).Json.EnumerateArray());
    }

    [Fact]
    public async Task A_merge_patch_changes_what_it_names_and_nothing_else()
    {
        using var owner = await api.SignInAsync();
        var path = $"/api/organizations/{await owner.CreateOrganizationAsync()}";
        (await owner.PatchAsync(path, new { name = "New name", description = "New words" })).ShouldBe(200);

        var patched = (await owner.SendContentAsync(
            HttpMethod.Patch, path, new StringContent("""{"description":null,"unknown":1}""", null, "application/merge-patch+json"))).ShouldBe(200);

        Assert.Equal("New name", patched["name"].GetString());
        Assert.Equal(JsonValueKind.Null, patched["description"].ValueKind);
        Assert.Equal("owner", patched["role"].GetString());
        (await owner.PatchAsync(path, new { name = (string?)null })).ShouldFail(400, "validation_failed");
        (await owner.PatchAsync(path, new { slug = "NO" })).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task Each_role_reads_and_only_owner_and_admin_change_and_only_an_owner_deletes()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        var path = $"/api/organizations/{organization}";

        foreach (var role in (string[])["member", "manager", "admin"])
        {
            using var member = await api.AddMemberAsync(owner, organization, role);
            Assert.Equal(role, (await member.GetAsync(path)).ShouldBe(200)["role"].GetString());
            (await member.GetAsync($"{path}/members")).ShouldBe(200);
            var patched = await member.PatchAsync(path, new { name = role });
            if (role == "admin") patched.ShouldBe(200);
            else patched.ShouldFail(403, "forbidden");
            (await member.DeleteAsync(path)).ShouldFail(403, "forbidden");
        }

        Assert.Equal(4, (await owner.GetAsync(path))["member_count"].GetInt32());
        (await owner.DeleteAsync(path)).ShouldBe(204);
        (await owner.GetAsync(path)).ShouldFail(404, "not_found");
        Assert.Empty((await owner.GetAsync("/api/organizations")).Json.EnumerateArray());
    }

    [Fact]
    public async Task To_a_non_member_an_organization_does_not_exist()
    {
        using var owner = await api.SignInAsync();
        using var stranger = await api.SignInAsync();
        var theirs = await owner.CreateOrganizationAsync();

        foreach (var id in (string[])[theirs.ToString(), "01981f6e-8f00-7c3a-9a51-3f6f1c0d2bff", "no-id"])
        {
            var path = $"/api/organizations/{id}";
            (await stranger.GetAsync(path)).ShouldFail(404, "not_found");
            (await stranger.PatchAsync(path, new { name = "Mine" })).ShouldFail(404, "not_found");
            (await stranger.DeleteAsync(path)).ShouldFail(404, "not_found");
            (await stranger.GetAsync($"{path}/members")).ShouldFail(404, "not_found");
            (await stranger.PostAsync($"{path}/members", new { username = stranger.Username, role = "owner" })).ShouldFail(404, "not_found");
            (await stranger.PatchAsync($"{path}/members/{owner.UserId}", new { role = "member" })).ShouldFail(404, "not_found");
            (await stranger.PutAsync($"{path}/members/{owner.UserId}", new { role = "member" })).ShouldFail(404, "not_found");
            (await stranger.DeleteAsync($"{path}/members/{owner.UserId}")).ShouldFail(404, "not_found");
        }
    }

    [Fact]
    public async Task A_row_added_while_paging_neither_repeats_nor_hides_another()
    {
        using var owner = await api.SignInAsync();
        for (var i = 0; i < 5; i++) await owner.CreateOrganizationAsync();
        var expected = (await owner.GetAsync("/api/organizations")).Each("id");

        var seen = new List<string?>();
        for (var next = "/api/organizations?limit=2"; next is not null;)
        {
            var page = (await owner.GetAsync(next)).ShouldBe(200);
            seen.AddRange(page.Each("id"));
            next = page.Next;
            await owner.CreateOrganizationAsync();
        }

        Assert.Equal(expected, seen);
        (await owner.GetAsync("/api/organizations?cursor=nonsense")).ShouldFail(400, "invalid_cursor");
        (await owner.GetAsync("/api/organizations?limit=0")).ShouldFail(400, "validation_failed");
    }
}
