using System.Net;
using System.Text.Json;

namespace Xentree.Tests.Organizations;

public sealed class MemberApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_member_is_added_by_name_or_by_id()
    {
        using var owner = await api.SignInAsync();
        using var ana = await api.SignInAsync();
        using var ben = await api.SignInAsync();
        var members = $"/api/organizations/{await owner.CreateOrganizationAsync()}/members";

        var added = (await owner.PostAsync(members, new { username = ana.Username.ToUpperInvariant(), role = "manager", team = "Evenings" })).ShouldBe(201);
        (await owner.PostAsync(members, new { user_id = ben.UserId, role = "member" })).ShouldBe(201);

        Assert.Equal(ana.UserId, added["user_id"].GetGuid());
        Assert.Equal("manager", added["role"].GetString());
        Assert.Equal("Evenings", added["team"].GetString());
        Assert.Equal([ben.Username, ana.Username, owner.Username], (await ana.GetAsync(members)).ShouldBe(200).Each("username"));
        (await owner.PostAsync(members, new { user_id = ana.UserId, role = "member" })).ShouldFail(409, "already_member");
    }

    [Theory]
    [InlineData("""{"role":"member"}""")]
    [InlineData("""{"username":"someone","user_id":"01981f6e-8f00-7c3a-9a51-3f6f1c0d2bff","role":"member"}""")]
    [InlineData("""{"username":"someone"}""")]
    [InlineData("""{"username":"someone","role":"king"}""")]
    [InlineData("""{"user_id":"no id","role":"member"}""")]
    public async Task A_bad_member_is_refused(string body)
    {
        using var owner = await api.SignInAsync();

        (await owner.PostRawAsync($"/api/organizations/{await owner.CreateOrganizationAsync()}/members", body)).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task An_unknown_user_is_not_found_and_only_told_to_those_who_may_add()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        using var member = await api.AddMemberAsync(owner, organization, "member");
        var unknown = new { username = ApiServer.UniqueName(), role = "member" };

        (await owner.PostAsync($"/api/organizations/{organization}/members", unknown)).ShouldFail(404, "not_found");
        (await member.PostAsync($"/api/organizations/{organization}/members", unknown)).ShouldFail(403, "forbidden");
    }

    [Fact]
    public async Task Nobody_reaches_above_their_own_role()
    {
        using var owner = await api.SignInAsync();
        using var newcomer = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        var members = $"/api/organizations/{organization}/members";
        using var admin = await api.AddMemberAsync(owner, organization, "admin");
        using var manager = await api.AddMemberAsync(owner, organization, "manager");
        using var member = await api.AddMemberAsync(owner, organization, "member");

        (await admin.PostAsync(members, new { username = newcomer.Username, role = "owner" })).ShouldFail(403, "forbidden");
        (await admin.PatchAsync($"{members}/{member.UserId}", new { role = "owner" })).ShouldFail(403, "forbidden");
        (await admin.PutAsync($"{members}/{admin.UserId}", new { role = "owner" })).ShouldFail(403, "forbidden");
        (await admin.PatchAsync($"{members}/{owner.UserId}", new { team = "Mine" })).ShouldFail(403, "forbidden");
        (await admin.DeleteAsync($"{members}/{owner.UserId}")).ShouldFail(403, "forbidden");
        foreach (var other in (ApiClient[])[manager, member])
        {
            (await other.PostAsync(members, new { username = newcomer.Username, role = "member" })).ShouldFail(403, "forbidden");
            (await other.PatchAsync($"{members}/{other.UserId}", new { role = "admin" })).ShouldFail(403, "forbidden");
            (await other.DeleteAsync($"{members}/{admin.UserId}")).ShouldFail(403, "forbidden");
        }

        (await admin.PatchAsync($"{members}/{member.UserId}", new { role = "admin" })).ShouldBe(200);
        (await member.DeleteAsync($"{members}/{admin.UserId}")).ShouldBe(204);
        (await admin.GetAsync(members)).ShouldFail(404, "not_found");
        (await owner.PatchAsync($"{members}/{newcomer.UserId}", new { role = "member" })).ShouldFail(404, "not_found");
        (await owner.DeleteAsync($"{members}/{newcomer.UserId}")).ShouldFail(404, "not_found");
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_a_put_replaces_both()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        using var member = await api.AddMemberAsync(owner, organization, "member");
        var path = $"/api/organizations/{organization}/members/{member.UserId}";

        (await owner.PatchAsync(path, new { team = "Evenings" })).ShouldBe(200);
        var patched = (await owner.PatchAsync(path, new { role = "manager" })).ShouldBe(200);
        Assert.Equal(("manager", "Evenings"), (patched["role"].GetString(), patched["team"].GetString()));

        var replaced = (await owner.PutAsync(path, new { role = "admin" })).ShouldBe(200);
        Assert.Equal("admin", replaced["role"].GetString());
        Assert.Equal(JsonValueKind.Null, replaced["team"].ValueKind);
        (await owner.PutAsync(path, new { team = "Mornings" })).ShouldFail(400, "validation_failed");
        (await owner.PatchAsync(path, new { role = (string?)null })).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task Everybody_may_leave_but_the_last_owner_stays_owner()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        var members = $"/api/organizations/{organization}/members";
        using var member = await api.AddMemberAsync(owner, organization, "member");

        (await owner.DeleteAsync($"{members}/{owner.UserId}")).ShouldFail(409, "last_owner");
        (await owner.PatchAsync($"{members}/{owner.UserId}", new { role = "admin" })).ShouldFail(409, "last_owner");
        (await owner.PutAsync($"{members}/{owner.UserId}", new { role = "member" })).ShouldFail(409, "last_owner");
        (await owner.PutAsync($"{members}/{owner.UserId}", new { role = "owner", team = "Heads" })).ShouldBe(200);
        (await member.DeleteAsync($"{members}/{member.UserId}")).ShouldBe(204);
        (await member.GetAsync(members)).ShouldFail(404, "not_found");
    }

    [Fact]
    public async Task However_many_owners_leave_at_once_one_stays()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        var owners = new List<ApiClient> { owner };
        for (var i = 0; i < 5; i++) owners.Add(await api.AddMemberAsync(owner, organization, "owner"));
        var replica = await api.StartReplicaAsync();

        var requests = new List<Task<Answer>>();
        await using (var held = await HeldRows.TakeAsync(api, "select * from members where organization_id = @id for update", organization))
        {
            for (var i = 0; i < owners.Count; i++)
            {
                var client = i % 2 == 0 ? owners[i] : owners[i].On(replica);
                var path = $"/api/organizations/{organization}/members/{client.UserId}";
                requests.Add(i % 3 == 0 ? client.PatchAsync(path, new { role = "member" }) : client.DeleteAsync(path));
            }

            await held.WaitForWaitersAsync(owners.Count);
        }

        var answers = await Task.WhenAll(requests);

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Conflict).ShouldFail(409, "last_owner");
        var remaining = owners[Array.FindIndex(answers, answer => answer.Status == HttpStatusCode.Conflict)];
        Assert.Equal("owner", (await remaining.GetAsync($"/api/organizations/{organization}"))["role"].GetString());
        Assert.Single((await remaining.GetAsync($"/api/organizations/{organization}/members")).Each("role"), role => role == "owner");
    }

    [Fact]
    public async Task The_same_user_added_many_times_at_once_joins_once()
    {
        using var owner = await api.SignInAsync();
        using var user = await api.SignInAsync();
        var members = $"/api/organizations/{await owner.CreateOrganizationAsync()}/members";

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => owner.PostAsync(members, new { user_id = user.UserId, role = "member" })));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer => answer.ShouldFail(409, "already_member"));
    }

    [Fact]
    public async Task A_member_who_joins_while_others_page_neither_repeats_nor_hides_another()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        var members = $"/api/organizations/{organization}/members";
        for (var i = 0; i < 4; i++) await api.AddMemberAsync(owner, organization, "member");
        var expected = (await owner.GetAsync(members)).Each("user_id");

        var seen = new List<string?>();
        for (var next = $"{members}?limit=2"; next is not null;)
        {
            var page = (await owner.GetAsync(next)).ShouldBe(200);
            seen.AddRange(page.Each("user_id"));
            next = page.Next;
            await api.AddMemberAsync(owner, organization, "member");
        }

        Assert.Equal(5, seen.Count);
        Assert.Equal(expected, seen);
    }
}
