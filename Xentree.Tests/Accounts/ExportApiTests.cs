using Npgsql;

namespace Xentree.Tests.Accounts;

public sealed class ExportApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task An_export_holds_what_is_the_users_and_nobody_elses()
    {
        using var user = await api.SignInAsync();
        using var other = await api.SignInAsync();
        var organization = await user.CreateOrganizationAsync();
        (await user.PostAsync($"/api/organizations/{organization}/members", new { user_id = other.UserId, role = "admin" })).ShouldBe(201);
        using var key = await user.CreateKeyAsync(organization, "xel:read");
        using var others = await other.CreateKeyAsync(organization, "xel:read");

        var export = (await user.GetAsync("/api/auth/me/export")).ShouldBe(200);

        Assert.Equal("application/json; charset=utf-8", export.Headers["Content-Type"]);
        Assert.Equal($"attachment; filename=\"xentree-{user.Username}.json\"", export.Headers["Content-Disposition"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", export["exported_at"].GetString());
        Assert.Equal(user.Username, export["account"].GetProperty("username").GetString());
        var membership = Assert.Single(export["organizations"].EnumerateArray());
        Assert.Equal((organization, "owner"), (membership.GetProperty("organization_id").GetGuid(), membership.GetProperty("role").GetString()));
        Assert.Equal(user.UserId, Assert.Single(export["api_keys"].EnumerateArray()).GetProperty("created_by").GetGuid());
        Assert.Single(export["sessions"].EnumerateArray());
        Assert.DoesNotContain(other.UserId.ToString(), export.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(key.ApiKey!, export.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", export.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_export_of_many_rows_holds_each_once()
    {
        using var user = await api.SignInAsync();
        await using (var connection = new NpgsqlConnection(api.Database))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var insert = new NpgsqlCommand(
                """
                insert into sign_in_sessions (id, user_id, generation, rotated_at, created_at, expires_at)
                select gen_random_uuid(), @user, 0, now(), now(), now() from generate_series(1, 1499)
                """,
                connection)
            { Parameters = { new("user", user.UserId) } };
            await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var sessions = (await user.GetAsync("/api/auth/me/export")).ShouldBe(200)["sessions"];

        Assert.Equal(1500, sessions.GetArrayLength());
        Assert.Equal(1500, sessions.EnumerateArray().Select(session => session.GetProperty("id").GetGuid()).Distinct().Count());
    }
}
