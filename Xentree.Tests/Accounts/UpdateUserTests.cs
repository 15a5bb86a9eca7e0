using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xentree.Data;
using Xentree.Data.Accounts;

namespace Xentree.Tests.Accounts;

/// <summary>What administrators change of accounts.</summary>
public sealed class UpdateUserTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_plan_holds_from_the_next_request_on()
    {
        using var admin = await api.SignInAdminAsync();
        using var user = await api.SignInAsync();
        Assert.Equal("free", (await user.GetAsync("/api/auth/me"))["plan"].GetString());

        var patched = (await admin.PatchAsync(PathOf(user), new { plan = "pro" })).ShouldBe(200);

        Assert.Equal(("pro", "user", user.UserId), (patched["plan"].GetString(), patched["role"].GetString(), patched["id"].GetGuid()));
        Assert.Equal(patched.Text, (await user.GetAsync("/api/auth/me")).ShouldBe(200).Text);
    }

    [Fact]
    public async Task A_role_holds_from_the_next_request_on_on_every_replica()
    {
        using var admin = await api.SignInAdminAsync();
        using var user = await api.SignInAsync();
        using var elsewhere = user.On(await api.StartReplicaAsync());
        ApiClient[] both = [user, elsewhere];
        foreach (var client in both) (await client.GetAsync("/api/admin/outages")).ShouldFail(403, "forbidden");

        (await admin.PatchAsync(PathOf(user), new { role = "admin" })).ShouldBe(200);
        foreach (var client in both) (await client.GetAsync("/api/admin/outages")).ShouldBe(200);

        (await admin.PatchAsync(PathOf(user), new { role = "user" })).ShouldBe(200);
        foreach (var client in both) (await client.GetAsync("/api/admin/outages")).ShouldFail(403, "forbidden");
    }

    [Fact]
    public async Task A_merge_patch_may_be_called_one_and_an_empty_one_changes_nothing()
    {
        using var admin = await api.SignInAdminAsync();
        using var user = await api.SignInAsync();
        var before = (await user.GetAsync("/api/auth/me")).Text;

        Assert.Equal(before, (await admin.PatchAsync(PathOf(user), new { })).ShouldBe(200).Text);
        Assert.Equal(before, (await admin.PatchAsync(PathOf(user), new { plan = "free", role = "user" })).ShouldBe(200).Text);
        using var patch = new StringContent("""{"plan":"plus"}""", Encoding.UTF8, "application/merge-patch+json");
        Assert.Equal("plus", (await admin.SendContentAsync(HttpMethod.Patch, PathOf(user), patch)).ShouldBe(200)["plan"].GetString());
    }

    [Theory]
    [InlineData("""{"plan":"gold"}""", "plan")]
    [InlineData("""{"plan":null}""", "plan")]
    [InlineData("""{"role":"owner"}""", "role")]
    [InlineData("""{"role":1}""", "role")]
    public async Task What_is_no_plan_or_role_is_refused_by_name(string body, string field)
    {
        using var admin = await api.SignInAdminAsync();
        using var user = await api.SignInAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        var answer = (await admin.SendContentAsync(HttpMethod.Patch, PathOf(user), content)).ShouldFail(400, "validation_failed");

        Assert.True(answer["detail"].GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    [Fact]
    public async Task Who_does_not_exist_is_not_found()
    {
        using var admin = await api.SignInAdminAsync();

        (await admin.PatchAsync("/api/admin/users/01981f6e-8f00-7c3a-9a51-3f6f1c0d2b11", new { plan = "pro" })).ShouldFail(404, "not_found");
        (await admin.PatchAsync("/api/admin/users/somebody", new { plan = "pro" })).ShouldFail(404, "not_found");
    }

    [Fact]
    public async Task A_sandbox_user_changes_by_their_own_clock()
    {
        using var admin = await api.SignInAdminAsync();
        using var user = await api.SignInAsync(now: "2026-03-01T12:00:00.000Z");

        Assert.Equal("2026-03-01T12:00:00.000Z", (await admin.PatchAsync(PathOf(user), new { plan = "pro" })).ShouldBe(200)["updated_at"].GetString());
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        using var admin = await api.SignInAdminAsync();
        await DemoteAllButAsync(admin);

        (await admin.PatchAsync(PathOf(admin), new { role = "user", plan = "pro" })).ShouldFail(409, "last_admin");

        Assert.Equal(("admin", "free"), (await admin.GetAsync("/api/auth/me")) is var me ? (me["role"].GetString(), me["plan"].GetString()) : default);
        (await admin.PatchAsync(PathOf(admin), new { plan = "pro" })).ShouldBe(200);
        using var second = await api.SignInAdminAsync();
        (await admin.PatchAsync(PathOf(admin), new { role = "user" })).ShouldBe(200);
        (await admin.PatchAsync(PathOf(admin), new { role = "admin" })).ShouldFail(403, "forbidden");
    }

    [Fact]
    public async Task Of_two_who_demote_each_other_at_once_one_stays()
    {
        using var ana = await api.SignInAdminAsync();
        using var ben = await api.SignInAdminAsync();
        await DemoteAllButAsync(ana, ben);

        var answers = await Task.WhenAll(ana.PatchAsync(PathOf(ben), new { role = "user" }), ben.PatchAsync(PathOf(ana), new { role = "user" }));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        // The other came too late: to the account, or to the door.
        Assert.Contains(answers.Single(answer => answer.Status != HttpStatusCode.OK).ErrorCode, (string[])["last_admin", "forbidden"]);
    }

    private static string PathOf(ApiClient user) => $"/api/admin/users/{user.UserId}";

    private async Task DemoteAllButAsync(params ApiClient[] some)
    {
        var ids = some.Select(user => user.UserId).ToArray();
        await using var context = await api.Services.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        await context.Users.Where(u => !ids.Contains(u.Id)).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, UserRole.User), TestContext.Current.CancellationToken);
    }
}
