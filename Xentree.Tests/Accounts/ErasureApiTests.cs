using System.Net;
using SkiaSharp;

namespace Xentree.Tests.Accounts;

public sealed class ErasureApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task An_erased_account_is_gone_on_every_replica_at_once()
    {
        using var user = await api.SignInAsync();
        using var otherSession = api.Anonymous();
        await otherSession.LogInAsync(user.Username);
        var replica = otherSession.On(await api.StartReplicaAsync());
        var picture = (await user.PutPictureAsync(Picture.Create(SKEncodedImageFormat.Png)))["profile_picture_url"].GetString()!;
        foreach (var client in (ApiClient[])[user, otherSession, replica]) (await client.GetAsync("/api/auth/me")).ShouldBe(200);

        (await user.DeleteAsync("/api/auth/me")).ShouldBe(204);

        foreach (var client in (ApiClient[])[replica, otherSession, user]) (await client.GetAsync("/api/auth/me")).ShouldFail(401, "invalid_token");
        (await user.PostAsync("/api/auth/refresh", new { refresh_token = user.RefreshToken })).ShouldFail(401, "invalid_token");
        (await user.LogInAnswerAsync(user.Username, ApiClient.Password)).ShouldFail(401, "invalid_credentials");
        (await api.Anonymous().GetAsync(picture)).ShouldFail(404, "not_found");
        using var successor = await api.SignInAsync(user.Username);
        Assert.NotEqual(user.UserId, successor.UserId);
    }

    [Fact]
    public async Task An_organization_in_which_the_user_is_alone_goes_too_and_a_membership_goes_with_the_user()
    {
        using var user = await api.SignInAsync();
        using var owner = await api.SignInAsync();
        var slug = ApiServer.UniqueName("alone-");
        (await user.PostAsync("/api/organizations", new { name = "Alone", slug })).ShouldBe(201);
        var theirs = await owner.CreateOrganizationAsync();
        (await owner.PostAsync($"/api/organizations/{theirs}/members", new { user_id = user.UserId, role = "owner" })).ShouldBe(201);

        (await user.DeleteAsync("/api/auth/me")).ShouldBe(204);

        (await owner.PostAsync("/api/organizations", new { name = "Free again", slug })).ShouldBe(201);
        Assert.Equal(1, (await owner.GetAsync($"/api/organizations/{theirs}")).ShouldBe(200)["member_count"].GetInt32());
    }

    [Fact]
    public async Task The_last_owner_of_others_stays()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        await owner.CreateOrganizationAsync();
        using var member = await api.AddMemberAsync(owner, organization, "admin");

        var refused = (await owner.DeleteAsync("/api/auth/me")).ShouldFail(409, "last_owner");

        Assert.Equal([organization], refused["detail"].GetProperty("organization_ids").EnumerateArray().Select(id => id.GetGuid()));
        Assert.Equal(2, (await owner.GetAsync("/api/organizations")).ShouldBe(200).Json.GetArrayLength());
        (await owner.PatchAsync($"/api/organizations/{organization}/members/{member.UserId}", new { role = "owner" })).ShouldBe(200);
        (await owner.DeleteAsync("/api/auth/me")).ShouldBe(204);
        Assert.Equal("owner", (await member.GetAsync($"/api/organizations/{organization}"))["role"].GetString());
    }

    [Fact]
    public async Task Of_two_owners_who_erase_themselves_at_once_one_stays()
    {
        using var first = await api.SignInAsync();
        var organization = await first.CreateOrganizationAsync();
        using var second = await api.AddMemberAsync(first, organization, "owner");
        using var member = await api.AddMemberAsync(first, organization, "member");

        var answers = await Task.WhenAll(first.DeleteAsync("/api/auth/me"), second.DeleteAsync("/api/auth/me"));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.NoContent);
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Conflict).ShouldFail(409, "last_owner");
        Assert.Equal(2, (await member.GetAsync($"/api/organizations/{organization}"))["member_count"].GetInt32());
    }

    [Fact]
    public async Task Whoever_is_erased_while_others_add_them_is_in_no_organization()
    {
        using var user = await api.SignInAsync();
        using var owner = await api.SignInAsync();
        var organizations = new List<Guid>();
        for (var i = 0; i < 6; i++) organizations.Add(await owner.CreateOrganizationAsync());

        var adding = organizations.Select(id => owner.PostAsync($"/api/organizations/{id}/members", new { user_id = user.UserId, role = "member" })).ToList();
        (await user.DeleteAsync("/api/auth/me")).ShouldBe(204);

        Assert.All(await Task.WhenAll(adding), answer => Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.NotFound, answer.Text));
        foreach (var id in organizations) Assert.Equal(1, (await owner.GetAsync($"/api/organizations/{id}"))["member_count"].GetInt32());
    }
}
