using System.Net;
using System.Text.Json;

namespace Xentree.Tests.ApiKeys;

public sealed class ApiKeyApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    private static readonly string[] Everything = ["api:admin"];

    [Fact]
    public async Task A_key_is_shown_once()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();

        var created = (await owner.PostAsync("/api/api-keys", new
        {
            name = "Course site",
            organization_id = organization,
            scopes = new[] { "xel:read", "xel:read", "organizations:read" },
            allowed_ips = new[] { "127.0.0.1", "10.1.2.3/8", "2001:DB8::/32", "::1" },
            expires_at = "2090-01-01T00:00:00Z",
        })).ShouldBe(201);

        var key = created["key"].GetString()!;
        Assert.Matches(@"^xntr-[A-Za-z0-9_-]{86}$", key);
        Assert.Equal(key[..12], created["prefix"].GetString());
        Assert.Equal(["xel:read", "organizations:read"], created["scopes"].EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32", "::1"], created["allowed_ips"].EnumerateArray().Select(ip => ip.GetString()));
        Assert.Equal(owner.UserId, created["created_by"].GetGuid());
        Assert.Equal(JsonValueKind.Null, created["last_used_at"].ValueKind);

        (await owner.WithKey(key).GetAsync("/api/organizations")).ShouldBe(200);

        var listed = Assert.Single((await owner.GetAsync("/api/api-keys")).ShouldBe(200).Json.EnumerateArray());
        Assert.Equal(created["id"].GetString(), listed.GetProperty("id").GetString());
        Assert.False(listed.TryGetProperty("key", out _));
        Assert.NotEqual(JsonValueKind.Null, listed.GetProperty("last_used_at").ValueKind);
    }

    [Theory]
    [InlineData("\"scopes\":[]", "scopes")]
    [InlineData("\"scopes\":null", "scopes")]
    [InlineData("\"scopes\":[\"xel:read\",\"xel:fly\"]", "scopes")]
    [InlineData("\"scopes\":[\"\"]", "scopes")]
    [InlineData("\"scopes\":[null]", "scopes")]
    [InlineData("\"scopes\":[\"xel:read\"],\"expires_at\":\"2020-01-01T00:00:00Z\"", "expires_at")]
    [InlineData("\"scopes\":[\"xel:read\"],\"expires_at\":\"tomorrow\"", "expires_at")]
    [InlineData("\"scopes\":[\"xel:read\"],\"allowed_ips\":[\"example.org\"]", "allowed_ips")]
    [InlineData("\"scopes\":[\"xel:read\"],\"allowed_ips\":[\"10.0.0.0/33\"]", "allowed_ips")]
    [InlineData("\"scopes\":[\"xel:read\"],\"allowed_ips\":[\"10.1\"]", "allowed_ips")]
    [InlineData("\"scopes\":[\"xel:read\"],\"allowed_ips\":[\"010.0.0.1\"]", "allowed_ips")]
    [InlineData("\"scopes\":[\"xel:read\"],\"allowed_ips\":[\"::ffff:10.0.0.1\"]", "allowed_ips")]
    [InlineData("\"scopes\":[\"xel:read\"],\"allowed_ips\":[null]", "allowed_ips")]
    [InlineData("\"scopes\":[\"xel:read\"],\"name\":\" \"", "name")]
    public async Task A_bad_key_names_the_field(string members, string field)
    {
        using var owner = await api.SignInAsync();
        var body = $$"""{"name":"key","organization_id":"{{await owner.CreateOrganizationAsync()}}",{{members}}}""";

        var answer = (await owner.PostRawAsync("/api/api-keys", body)).ShouldFail(400, "validation_failed");

        Assert.Equal([field], answer["detail"].GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task Nobody_makes_a_key_for_an_organization_that_they_are_no_member_of()
    {
        using var owner = await api.SignInAsync();
        using var stranger = await api.SignInAsync();

        foreach (var id in (string[])[(await owner.CreateOrganizationAsync()).ToString(), "01981f6e-8f00-7c3a-9a51-3f6f1c0d2bff"])
            (await stranger.PostAsync("/api/api-keys", new { name = "key", organization_id = id, scopes = Everything })).ShouldFail(404, "not_found");
        (await stranger.PostAsync("/api/api-keys", new { name = "key", organization_id = "no id", scopes = Everything })).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task Members_see_and_delete_their_own_keys_and_administrators_all_of_the_organization()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        using var admin = await api.AddMemberAsync(owner, organization, "admin");
        using var manager = await api.AddMemberAsync(owner, organization, "manager");
        using var stranger = await api.SignInAsync();
        var elsewhere = await manager.CreateOrganizationAsync();
        await owner.CreateKeyAsync(organization, "xel:read");
        using var key = await manager.CreateKeyAsync(organization, "organizations:read");
        await manager.CreateKeyAsync(elsewhere, "xel:read");

        Assert.Equal(2, (await admin.GetAsync("/api/api-keys")).ShouldBe(200).Json.GetArrayLength());
        Assert.Equal(2, (await manager.GetAsync("/api/api-keys")).Json.GetArrayLength());
        Assert.Empty((await stranger.GetAsync($"/api/api-keys?organization_id={organization}")).ShouldBe(200).Json.EnumerateArray());
        (await admin.GetAsync("/api/api-keys?organization_id=no-id")).ShouldFail(400, "validation_failed");
        var managers = Assert.Single((await manager.GetAsync($"/api/api-keys?organization_id={organization}")).Each("id"));
        var owners = (await owner.GetAsync("/api/api-keys")).Each("id").Single(id => id != managers);

        (await manager.DeleteAsync($"/api/api-keys/{owners}")).ShouldFail(404, "not_found");
        (await stranger.DeleteAsync($"/api/api-keys/{owners}")).ShouldFail(404, "not_found");
        (await stranger.DeleteAsync("/api/api-keys/01981f6e-8f00-7c3a-9a51-3f6f1c0d2bff")).ShouldFail(404, "not_found");
        (await stranger.DeleteAsync("/api/api-keys/no-id")).ShouldFail(404, "not_found");
        (await admin.DeleteAsync($"/api/api-keys/{managers}")).ShouldBe(204);
        (await key.GetAsync("/api/organizations")).ShouldFail(401, "invalid_token");
    }

    [Fact]
    public async Task Keys_are_paged_while_others_are_added()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        for (var i = 0; i < 5; i++) await owner.CreateKeyAsync(organization, "xel:read");
        var expected = (await owner.GetAsync("/api/api-keys")).Each("id");

        var seen = new List<string?>();
        for (var next = $"/api/api-keys?limit=2&organization_id={organization}"; next is not null;)
        {
            var page = (await owner.GetAsync(next)).ShouldBe(200);
            seen.AddRange(page.Each("id"));
            next = page.Next;
            await owner.CreateKeyAsync(organization, "xel:read");
        }

        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task A_deleted_key_is_refused_at_the_next_request_on_every_replica()
    {
        using var owner = await api.SignInAsync();
        using var key = await owner.CreateKeyAsync(await owner.CreateOrganizationAsync(), "organizations:read");
        var other = key.On(await api.StartReplicaAsync());
        (await key.GetAsync("/api/organizations")).ShouldBe(200);
        (await other.GetAsync("/api/organizations")).ShouldBe(200);
        var id = (await owner.GetAsync("/api/api-keys")).Each("id").Single();

        (await owner.DeleteAsync($"/api/api-keys/{id}")).ShouldBe(204);

        (await other.GetAsync("/api/organizations")).ShouldFail(401, "invalid_token");
        (await key.GetAsync("/api/organizations")).ShouldFail(401, "invalid_token");
        (await owner.DeleteAsync($"/api/api-keys/{id}")).ShouldFail(404, "not_found");
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("left")]
    [InlineData("organization deleted")]
    [InlineData("account erased")]
    public async Task O1_a_removed_members_keys_for_that_organization_stop_at_the_next_request(string how)
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        using var member = await api.AddMemberAsync(owner, organization, "member");
        using var key = await member.CreateKeyAsync(organization, "organizations:read");
        using var elsewhere = await member.CreateKeyAsync(await member.CreateOrganizationAsync(), "organizations:read");
        using var owners = await owner.CreateKeyAsync(organization, "organizations:read");
        var other = key.On(await api.StartReplicaAsync());
        foreach (var client in (ApiClient[])[key, other, elsewhere, owners]) (await client.GetAsync("/api/organizations")).ShouldBe(200);

        (how switch
        {
            "removed" => await owner.DeleteAsync($"/api/organizations/{organization}/members/{member.UserId}"),
            "left" => await member.DeleteAsync($"/api/organizations/{organization}/members/{member.UserId}"),
            "organization deleted" => await owner.DeleteAsync($"/api/organizations/{organization}"),
            _ => await member.DeleteAsync("/api/auth/me"),
        }).ShouldBe(204);

        (await other.GetAsync("/api/organizations")).ShouldFail(401, "invalid_token");
        (await key.GetAsync("/api/organizations")).ShouldFail(401, "invalid_token");
        if (how == "account erased") (await elsewhere.GetAsync("/api/organizations")).ShouldFail(401, "invalid_token");
        else (await elsewhere.GetAsync("/api/organizations")).ShouldBe(200);
        if (how == "organization deleted") (await owners.GetAsync("/api/organizations")).ShouldFail(401, "invalid_token");
        else (await owners.GetAsync("/api/organizations")).ShouldBe(200);
    }

    [Fact]
    public async Task O1_no_key_is_made_while_its_member_is_being_removed()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        using var member = await api.AddMemberAsync(owner, organization, "member");

        Task<Answer> removing, making;
        await using (var held = await HeldRows.TakeAsync(api, "select * from members where user_id = @id for key share", member.UserId))
        {
            removing = owner.DeleteAsync($"/api/organizations/{organization}/members/{member.UserId}");
            await held.WaitForWaitersAsync(1);
            making = MakeAndUseAsync();
            await held.WaitForWaitersAsync(2, orUntil: making);
        }

        (await removing).ShouldBe(204);
        (await making).ShouldFail(404, "not_found");

        async Task<Answer> MakeAndUseAsync()
        {
            var made = await member.PostAsync("/api/api-keys", new { name = "key", organization_id = organization, scopes = Everything });
            if (made.Status == HttpStatusCode.Created) await member.WithKey(made["key"].GetString()!).GetAsync("/api/organizations");
            return made;
        }
    }

    [Fact]
    public async Task O2_a_key_reaches_its_own_organization_and_no_other()
    {
        using var owner = await api.SignInAsync();
        using var other = await api.SignInAsync();
        var (a, b, theirs) = (await owner.CreateOrganizationAsync(), await owner.CreateOrganizationAsync(), await other.CreateOrganizationAsync());
        using var key = await owner.CreateKeyAsync(a, "api:admin");

        Assert.Equal([a.ToString()], (await key.GetAsync("/api/organizations")).ShouldBe(200).Each("id"));
        (await key.GetAsync($"/api/organizations/{a}")).ShouldBe(200);
        (await key.PatchAsync($"/api/organizations/{a}", new { name = "By key" })).ShouldBe(200);
        (await key.PostAsync($"/api/organizations/{a}/members", new { username = other.Username, role = "member" })).ShouldBe(201);
        foreach (var id in (Guid[])[b, theirs, Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2bff")])
        {
            var path = $"/api/organizations/{id}";
            (await key.GetAsync(path)).ShouldFail(404, "not_found");
            (await key.PatchAsync(path, new { name = "By key" })).ShouldFail(404, "not_found");
            (await key.DeleteAsync(path)).ShouldFail(404, "not_found");
            (await key.GetAsync($"{path}/members")).ShouldFail(404, "not_found");
            (await key.PostAsync($"{path}/members", new { username = other.Username, role = "member" })).ShouldFail(404, "not_found");
            (await key.PatchAsync($"{path}/members/{owner.UserId}", new { role = "member" })).ShouldFail(404, "not_found");
            (await key.PutAsync($"{path}/members/{owner.UserId}", new { role = "member" })).ShouldFail(404, "not_found");
            (await key.DeleteAsync($"{path}/members/{owner.UserId}")).ShouldFail(404, "not_found");
        }
    }

    [Fact]
    public async Task A_key_creates_no_organization_and_does_nothing_that_needs_a_person()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        using var key = await owner.CreateKeyAsync(organization, "organizations:write");
        using var reader = await owner.CreateKeyAsync(organization, "organizations:read");
        var body = new { name = "New", slug = ApiServer.UniqueName("new-") };

        (await key.PostAsync("/api/organizations", body)).ShouldFail(403, "bearer_required");
        (await reader.PostAsync("/api/organizations", body)).ShouldFail(403, "INSUFFICIENT_API_KEY_SCOPE");
        (await key.GetAsync("/api/api-keys")).ShouldFail(403, "bearer_required");
        (await key.PostAsync("/api/api-keys", new { name = "key", organization_id = organization, scopes = Everything })).ShouldFail(403, "bearer_required");
        (await key.GetAsync("/api/auth/me/export")).ShouldFail(403, "bearer_required");
        (await key.DeleteAsync("/api/auth/me")).ShouldFail(403, "bearer_required");
        (await key.DeleteAsync("/api/auth/me/picture")).ShouldFail(403, "bearer_required");
    }

    [Theory]
    [InlineData("organizations:read", true, false)]
    [InlineData("organizations:write", false, true)]
    [InlineData("api:read", true, false)]
    [InlineData("api:write", false, true)]
    [InlineData("api:admin", true, true)]
    [InlineData("xel:read", false, false)]
    [InlineData("conversations:write", false, false)]
    public async Task A_scope_allows_what_it_names_and_no_more(string scope, bool reads, bool writes)
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        using var key = await owner.CreateKeyAsync(organization, scope);

        Check(await key.GetAsync($"/api/organizations/{organization}"), reads, "organizations:read");
        Check(await key.PatchAsync($"/api/organizations/{organization}", new { name = scope }), writes, "organizations:write");

        void Check(Answer answer, bool allowed, string required)
        {
            if (allowed)
            {
                answer.ShouldBe(200);
                return;
            }

            var detail = answer.ShouldFail(403, "INSUFFICIENT_API_KEY_SCOPE")["detail"];
            Assert.Equal(required, detail.GetProperty("required_scope").GetString());
            Assert.Equal([scope], detail.GetProperty("granted_scopes").EnumerateArray().Select(granted => granted.GetString()));
        }
    }

    [Fact]
    public async Task The_role_of_its_member_binds_a_key_and_the_scope_is_checked_first()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        using var admin = await api.AddMemberAsync(owner, organization, "admin");
        using var key = await admin.CreateKeyAsync(organization, "organizations:write");
        using var reader = await admin.CreateKeyAsync(organization, "organizations:read");
        var path = $"/api/organizations/{organization}";
        (await key.PatchAsync(path, new { name = "By key" })).ShouldBe(200);
        (await key.DeleteAsync(path)).ShouldFail(403, "forbidden");
        (await key.DeleteAsync($"{path}/members/{owner.UserId}")).ShouldFail(403, "forbidden");

        (await owner.PatchAsync($"{path}/members/{admin.UserId}", new { role = "member" })).ShouldBe(200);

        (await key.PatchAsync(path, new { name = "Again" })).ShouldFail(403, "forbidden");
        (await reader.PatchAsync("/api/organizations/01981f6e-8f00-7c3a-9a51-3f6f1c0d2bff", new { name = "x" })).ShouldFail(403, "INSUFFICIENT_API_KEY_SCOPE");
    }

    [Fact]
    public async Task A_key_works_from_its_addresses_only()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();

        (await (await KeyAsync("127.0.0.1")).GetAsync("/api/organizations")).ShouldBe(200);
        (await (await KeyAsync("203.0.113.7", "127.0.0.0/8")).GetAsync("/api/organizations")).ShouldBe(200);
        (await (await KeyAsync("203.0.113.0/24", "2001:db8::/32")).GetAsync("/api/organizations")).ShouldFail(403, "ip_not_allowed");
        // A header that anybody can write changes nothing: no proxy is configured.
        (await (await KeyAsync("203.0.113.7")).GetAsync("/api/organizations", ("X-Forwarded-For", "203.0.113.7"))).ShouldFail(403, "ip_not_allowed");

        async Task<ApiClient> KeyAsync(params string[] allowed) => owner.WithKey((await owner.PostAsync(
            "/api/api-keys", new { name = "key", organization_id = organization, scopes = Everything, allowed_ips = allowed })).ShouldBe(201)["key"].GetString()!);
    }

    [Fact]
    public async Task Behind_a_configured_proxy_the_forwarded_address_counts()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        var replica = await api.StartReplicaAsync(new() { ["ForwardedHeaders:KnownProxies:0"] = "127.0.0.1" });
        var created = await owner.PostAsync("/api/api-keys", new
        {
            name = "key",
            organization_id = organization,
            scopes = Everything,
            allowed_ips = new[] { "203.0.113.0/24", "2001:db8::/32" },
        });
        using var key = owner.WithKey(created.ShouldBe(201)["key"].GetString()!).On(replica);

        (await key.GetAsync("/api/organizations", ("X-Forwarded-For", "203.0.113.7"))).ShouldBe(200);
        (await key.GetAsync("/api/organizations", ("X-Forwarded-For", "2001:db8::7"))).ShouldBe(200);
        (await key.GetAsync("/api/organizations", ("X-Forwarded-For", "198.51.100.7"))).ShouldFail(403, "ip_not_allowed");
    }

    [Fact]
    public async Task A_key_expires()
    {
        await using var own = api.Another();
        await own.InitializeAsync();
        using var owner = await own.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        var created = await owner.PostAsync("/api/api-keys", new
        {
            name = "key",
            organization_id = organization,
            scopes = Everything,
            expires_at = own.Clock.GetUtcNow().AddMinutes(10),
        });
        using var key = owner.WithKey(created.ShouldBe(201)["key"].GetString()!);
        (await key.GetAsync("/api/organizations")).ShouldBe(200);

        own.Clock.Advance(TimeSpan.FromMinutes(11));

        (await key.GetAsync("/api/organizations")).ShouldFail(401, "token_expired");
    }

    [Fact]
    public async Task A_made_up_key_is_nobodys()
    {
        (await api.Anonymous().WithKey("xntr-" + new string('a', 86)).GetAsync("/api/organizations")).ShouldFail(401, "invalid_token");
        (await api.Anonymous().WithKey("xntr-short").GetAsync("/api/organizations")).ShouldFail(401, "invalid_token");
    }
}
