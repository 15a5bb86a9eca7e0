namespace Xentree.Tests.Http;

public sealed class ETagTests(ProbeApi api) : IClassFixture<ProbeApi>
{
    [Fact]
    public async Task An_answer_that_the_client_has_is_not_sent_again()
    {
        using var client = api.Anonymous();
        var first = (await client.GetAsync("/test/tagged")).ShouldBe(200);
        var tag = first.Headers["ETag"];

        Assert.Matches("^\"[^\"]+\"$", tag);
        foreach (var known in (string[])[tag, $"\"other\", {tag}", $"W/{tag}", "*", $"  {tag}  ,\"x\""])
        {
            var again = (await client.GetAsync("/test/tagged", ("If-None-Match", known))).ShouldBe(304);
            Assert.Empty(again.Body);
            Assert.Equal(tag, again.Headers["ETag"]);
            Assert.True(again.Headers.ContainsKey("X-Request-Id"));
        }
    }

    [Theory]
    [InlineData("\"other\"")]
    [InlineData("W/\"other\"")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task Another_tag_gets_the_whole_answer(string tag)
    {
        using var client = api.Anonymous();

        var answer = (await client.GetAsync("/test/tagged", ("If-None-Match", tag))).ShouldBe(200);

        Assert.Equal(7, answer["number"].GetInt32());
    }

    [Fact]
    public async Task HEAD_is_tagged_too()
    {
        using var client = api.Anonymous();
        var tag = (await client.GetAsync("/test/tagged")).Headers["ETag"];

        Assert.Equal(tag, (await client.SendAsync(HttpMethod.Head, "/test/tagged", null)).ShouldBe(200).Headers["ETag"]);
        (await client.SendAsync(HttpMethod.Head, "/test/tagged", null, ("If-None-Match", tag))).ShouldBe(304);
    }
}
