using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Xentree.Tests.Xp;

/// <summary>The card that is embedded in other people's pages.</summary>
public sealed partial class ProfileCardTests(ApiServer api) : IClassFixture<ApiServer>
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public async Task It_shows_level_streaks_and_the_whole_year()
    {
        using var user = await api.SignInAsync(now: "2026-03-01T08:00:00Z", timezone: "UTC");
        await user.LearnInMarchAsync(1, 2, 3, 6, 7);

        var card = await CardAsync(user);

        Assert.Equal(("820", "290", "0 0 820 290", "img"), (Attribute(card, "width"), Attribute(card, "height"), Attribute(card, "viewBox"), Attribute(card, "role")));
        Assert.Equal($"{user.Username} on Xentree", card.Element(Svg + "title")!.Value);
        Assert.StartsWith("Level 1, ", card.Element(Svg + "desc")!.Value, StringComparison.Ordinal);
        Assert.EndsWith("Current streak 2 days, longest 3 days. 5 active days in the last year.", card.Element(Svg + "desc")!.Value, StringComparison.Ordinal);
        Assert.Equal([card.Element(Svg + "title")!.Attribute("id")!.Value, card.Element(Svg + "desc")!.Attribute("id")!.Value], Attribute(card, "aria-labelledby")!.Split(' '));
        // And the five squares of the legend.
        Assert.Equal(365 + 5, Square.Count(card.ToString()));
        Assert.Contains("Learning since Mar 2026", Texts(card));
    }

    [Fact]
    public async Task It_needs_nothing_but_itself()
    {
        using var user = await api.SignInAsync();
        var answer = (await api.Anonymous().GetAsync(PathOf(user))).ShouldBe(200);

        Assert.Equal("image/svg+xml; charset=utf-8", answer.Headers["Content-Type"]);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal("default-src 'none'; style-src 'unsafe-inline'; sandbox", answer.Headers["Content-Security-Policy"]);
        Assert.Equal("cross-origin", answer.Headers["Cross-Origin-Resource-Policy"]);
        Assert.StartsWith("<svg ", answer.Text, StringComparison.Ordinal);
        var card = XElement.Parse(answer.Text);
        string[] known = ["svg", "title", "desc", "style", "defs", "linearGradient", "stop", "rect", "circle", "path", "text", "g"];
        Assert.All(card.DescendantsAndSelf(), element => Assert.Contains(element.Name.LocalName, known));
        Assert.All(card.DescendantsAndSelf().Attributes().Where(a => !a.IsNamespaceDeclaration), a => Assert.False(a.Name.LocalName.StartsWith("on", StringComparison.Ordinal) || a.Name.LocalName.EndsWith("href", StringComparison.Ordinal)));
        Assert.Equal(["url(#card-ring)"], Address.Matches(answer.Text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal)).Select(m => m.Value).DefaultIfEmpty("url(#card-ring)").Distinct());
    }

    [Theory]
    [InlineData("<b>x</b> & \"Co\"]]>", "<b>x</b> & \"Co\"]]>")]
    [InlineData("  Ana\t\r\n Kovač  ", "Ana Kovač")]
    [InlineData("A\u0001b\u001b\uFFFFc\u202Ed\u2066e\u200F", "Abcde")]
    [InlineData("👩‍👩‍👧‍👦 Zoë 🏳️‍🌈", "👩‍👩‍👧‍👦 Zoë 🏳️‍🌈")]
    [InlineData("李小龍", "李小龍")]
    public async Task A_name_is_text_and_nothing_else(string given, string shown)
    {
        using var user = await api.SignInAsync();
        (await user.PatchAsync("/api/auth/me", new { full_name = given })).ShouldBe(200);

        var card = await CardAsync(user);

        Assert.Contains(shown, Texts(card));
        Assert.Equal($"{shown} on Xentree", card.Element(Svg + "title")!.Value);
        Assert.Contains(Texts(card), text => text.StartsWith($"@{user.Username}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("محمد عبد الله", true)]
    [InlineData("123 דוד", true)]
    [InlineData("Ana דוד", false)]
    public async Task A_name_runs_as_its_script_does(string name, bool rightToLeft)
    {
        using var user = await api.SignInAsync();
        (await user.PatchAsync("/api/auth/me", new { full_name = name })).ShouldBe(200);

        var text = (await CardAsync(user)).Descendants(Svg + "text").Single(text => text.Value == name);

        Assert.Equal(rightToLeft ? ("rtl", "end") : (null, null), (Attribute(text, "direction"), Attribute(text, "text-anchor")));
    }

    [Fact]
    public async Task A_name_of_nothing_that_can_be_seen_is_none_and_a_long_one_is_cut_between_characters()
    {
        using var user = await api.SignInAsync();
        (await user.PatchAsync("/api/auth/me", new { full_name = "\u200F\u202E\u0001" })).ShouldBe(200);
        Assert.Equal($"{user.Username} on Xentree", (await CardAsync(user)).Element(Svg + "title")!.Value);

        (await user.PatchAsync("/api/auth/me", new { full_name = string.Concat(Enumerable.Repeat("👩‍👩‍👧‍👦", 9)) })).ShouldBe(200);
        (await user.PatchAsync("/api/auth/me", new { full_name = new string('W', 100) })).ShouldBe(200);
        var shown = Texts(await CardAsync(user)).Single(text => text.StartsWith("WW", StringComparison.Ordinal));
        Assert.Matches("^W{10,24}…$", shown);
    }

    [Fact]
    public async Task It_is_light_or_dark_as_its_reader_prefers_or_as_the_page_says()
    {
        using var user = await api.SignInAsync();
        using var anybody = api.Anonymous();

        var auto = (await anybody.GetAsync(PathOf(user))).ShouldBe(200).Text;
        var light = (await anybody.GetAsync(PathOf(user) + "?theme=light")).ShouldBe(200).Text;
        var dark = (await anybody.GetAsync(PathOf(user) + "?theme=dark")).ShouldBe(200).Text;

        Assert.Contains("@media (prefers-color-scheme:dark){", auto, StringComparison.Ordinal);
        Assert.DoesNotContain("@media", light + dark, StringComparison.Ordinal);
        Assert.NotEqual(light, dark);
        Assert.Equal(auto, (await anybody.GetAsync(PathOf(user) + "?theme=auto")).ShouldBe(200).Text);
        foreach (var theme in (string[])["Light", "1", "", "pink"]) (await anybody.GetAsync($"{PathOf(user)}?theme={theme}")).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task It_may_be_kept_for_a_while_and_is_known_by_its_tag()
    {
        using var user = await api.SignInAsync();
        using var anybody = api.Anonymous();

        var first = (await anybody.GetAsync(PathOf(user))).ShouldBe(200);
        var again = (await anybody.GetAsync(PathOf(user), ("If-None-Match", first.Headers["ETag"]))).ShouldBe(304);

        Assert.Equal("public, max-age=300", first.Headers["Cache-Control"]);
        Assert.Equal((first.Headers["ETag"], "public, max-age=300", 0), (again.Headers["ETag"], again.Headers["Cache-Control"], again.Body.Length));
        var head = (await anybody.SendAsync(HttpMethod.Head, PathOf(user), null)).ShouldBe(200);
        Assert.Equal(first.Headers["Content-Length"], head.Headers["Content-Length"]);
        // A sandbox user's clock is moved by hand: their card is asked for each time.
        using var sandbox = await api.SignInAsync(now: "2026-03-01T08:00:00Z");
        Assert.Equal("public, no-cache", (await anybody.GetAsync(PathOf(sandbox))).ShouldBe(200).Headers["Cache-Control"]);
        (await user.PatchAsync("/api/auth/me", new { full_name = "Ana" })).ShouldBe(200);
        (await anybody.GetAsync(PathOf(user), ("If-None-Match", first.Headers["ETag"]))).ShouldBe(200);
    }

    [Fact]
    public async Task A_private_profile_has_none()
    {
        using var user = await api.SignInAsync();
        using var anybody = api.Anonymous();
        (await user.PatchAsync("/api/auth/me", new { profile_visibility = "private" })).ShouldBe(200);

        var answer = (await anybody.GetAsync(PathOf(user))).ShouldFail(404, "not_found");
        (await anybody.GetAsync("/api/xp/public-profile/nobody-at-all/card.svg")).ShouldFail(404, "not_found");

        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    private static string PathOf(ApiClient user) => $"/api/xp/public-profile/{user.Username}/card.svg";

    private static string? Attribute(XElement element, string name) => element.Attribute(name)?.Value;

    private static IEnumerable<string> Texts(XElement card) => card.Descendants(Svg + "text").Select(text => text.Value);

    private async Task<XElement> CardAsync(ApiClient user)
    {
        using var anybody = api.Anonymous();
        return XElement.Parse((await anybody.GetAsync(PathOf(user))).ShouldBe(200).Text);
    }

    [GeneratedRegex("h6v6h-6z")]
    private static partial Regex Square { get; }

    [GeneratedRegex(@"url\([^)]*\)|https?:|data:|@import")]
    private static partial Regex Address { get; }
}
