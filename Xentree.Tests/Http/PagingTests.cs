namespace Xentree.Tests.Http;

public sealed class PagingTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("limit=0", "validation_failed")]
    [InlineData("limit=101", "validation_failed")]
    [InlineData("limit=-1", "validation_failed")]
    [InlineData("limit=+5", "validation_failed")]
    [InlineData("limit=1.5", "validation_failed")]
    [InlineData("limit=ten", "validation_failed")]
    [InlineData("limit=", "validation_failed")]
    [InlineData("limit=5&limit=6", "validation_failed")]
    [InlineData("cursor=nonsense", "invalid_cursor")]
    [InlineData("cursor=", "invalid_cursor")]
    [InlineData("cursor=!!!!", "invalid_cursor")]
    [InlineData("cursor=AAAA", "invalid_cursor")]
    public async Task A_page_that_cannot_be_is_refused(string query, string code)
    {
        using var user = await api.SignInAsync();

        (await user.GetAsync($"/api/auth/sessions?{query}")).ShouldFail(400, code);
    }

    [Fact]
    public async Task A_row_added_while_paging_neither_repeats_nor_hides_another()
    {
        using var user = await api.SignInAsync();
        for (var i = 0; i < 6; i++) await api.Anonymous().LogInAsync(user.Username);
        var all = Ids(await user.GetAsync("/api/auth/sessions?limit=100"));

        var seen = new List<string>();
        for (var next = "/api/auth/sessions?limit=2"; next is not null;)
        {
            var page = (await user.GetAsync(next)).ShouldBe(200);
            seen.AddRange(Ids(page));
            next = page.Headers.GetValueOrDefault("Link")?.Split('<', '>')[1];
            await api.Anonymous().LogInAsync(user.Username);
        }

        Assert.Equal(all, seen);
    }

    [Fact]
    public async Task The_next_page_keeps_the_rest_of_the_query_and_the_last_has_none()
    {
        using var user = await api.SignInAsync();
        await api.Anonymous().LogInAsync(user.Username);

        var first = (await user.GetAsync("/api/auth/sessions?limit=1&other=a%20b")).ShouldBe(200);
        var link = first.Headers["Link"];
        var second = (await user.GetAsync(link.Split('<', '>')[1])).ShouldBe(200);

        Assert.EndsWith("; rel=\"next\"", link, StringComparison.Ordinal);
        Assert.Contains("limit=1", link, StringComparison.Ordinal);
        Assert.Contains("other=a%20b", link, StringComparison.Ordinal);
        Assert.Equal(1, second.Json.GetArrayLength());
        Assert.False(second.Headers.ContainsKey("Link"));
        (await user.GetAsync("/api/auth/sessions?limit=2")).ShouldBe(200);
        Assert.False((await user.GetAsync("/api/auth/sessions?limit=2")).Headers.ContainsKey("Link"));
    }

    private static List<string> Ids(Answer page) => [.. page.Json.EnumerateArray().Select(row => row.GetProperty("id").GetString()!)];
}
