namespace Xentree.Tests.Notes;

public sealed class NoteApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_note_is_written_listed_replaced_and_deleted()
    {
        using var user = await api.SignInAsync(now: "2026-03-01T12:00:00.000Z");

        var created = (await user.PostAsync("/api/core/notes", new { title = "Plural", content = "Two pieces of advice." })).ShouldBe(201);
        var (id, path) = (created["id"].GetString(), created.Headers["Location"]);

        Assert.Equal($"/api/core/notes/{id}", path);
        Assert.Equal(created.Text, (await user.GetAsync("/api/core/notes")).ShouldBe(200).Json[0].GetRawText());
        user.Now = "2026-03-02T12:00:00.000Z";
        var replaced = (await user.PutAsync(path, new { title = "Plurals", content = "" })).ShouldBe(200);
        Assert.Equal(("Plurals", ""), (replaced["title"].GetString(), replaced["content"].GetString()));
        Assert.Equal(("2026-03-01T12:00:00.000Z", "2026-03-02T12:00:00.000Z"), (replaced["created_at"].GetString(), replaced["updated_at"].GetString()));
        (await user.DeleteAsync(path)).ShouldBe(204);
        (await user.DeleteAsync(path)).ShouldFail(404, "not_found");
        (await user.PutAsync(path, new { title = "Plurals", content = "" })).ShouldFail(404, "not_found");
        Assert.Equal(0, (await user.GetAsync("/api/core/notes")).Json.GetArrayLength());
    }

    [Theory]
    [InlineData("""{"content":"x"}""", "title")]
    [InlineData("""{"title":"x"}""", "content")]
    [InlineData("""{"title":" ","content":"x"}""", "title")]
    [InlineData("""{"title":"x","content":null}""", "content")]
    [InlineData("""{"title":"x","content":"a\u0000"}""", "content")]
    public async Task A_bad_note_names_the_field(string body, string field)
    {
        using var user = await api.SignInAsync();

        var answer = (await user.PostRawAsync("/api/core/notes", body)).ShouldFail(400, "validation_failed");

        Assert.Equal([field], answer["detail"].GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task A_title_has_at_most_200_and_a_text_20000_characters()
    {
        using var user = await api.SignInAsync();

        (await user.PostAsync("/api/core/notes", new { title = new string('t', 200), content = new string('x', 20_000) })).ShouldBe(201);
        (await user.PostAsync("/api/core/notes", new { title = new string('t', 201), content = "" })).ShouldFail(400, "validation_failed");
        (await user.PostAsync("/api/core/notes", new { title = "t", content = new string('x', 20_001) })).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task The_list_is_newest_first_and_pages()
    {
        using var user = await api.SignInAsync();
        for (var i = 0; i < 5; i++)
        {
            (await user.PostAsync("/api/core/notes", new { title = $"{i}", content = "" })).ShouldBe(201);
            api.Clock.Advance(TimeSpan.FromMilliseconds(2));
        }

        var first = (await user.GetAsync("/api/core/notes?limit=3")).ShouldBe(200);
        await user.PostAsync("/api/core/notes", new { title = "new", content = "" });
        var second = (await user.GetAsync(new Uri(first.Next!).PathAndQuery)).ShouldBe(200);

        Assert.Equal(["4", "3", "2", "1", "0"], first.Each("title").Concat(second.Each("title")));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task Nobody_else_sees_a_note_and_a_key_only_those_of_its_organization()
    {
        using var user = await api.SignInAsync();
        using var other = await api.SignInAsync();
        using var key = await api.KeyForAsync(user, "conversations:read", "conversations:write");
        using var foreign = await api.KeyForAsync(user, "api:admin");
        var mine = (await user.PostAsync("/api/core/notes", new { title = "mine", content = "" })).ShouldBe(201).Headers["Location"];
        var keys = (await key.PostAsync("/api/core/notes", new { title = "key's", content = "" })).ShouldBe(201).Headers["Location"];

        Assert.Equal(["key's", "mine"], (await user.GetAsync("/api/core/notes")).Each("title"));
        Assert.Equal(["key's"], (await key.GetAsync("/api/core/notes")).Each("title"));
        Assert.Empty((await foreign.GetAsync("/api/core/notes")).Each("title"));
        foreach (var (caller, path) in ((ApiClient, string)[])[(other, mine), (key, mine), (foreign, keys)])
        {
            (await caller.PutAsync(path, new { title = "taken", content = "" })).ShouldFail(404, "not_found");
            (await caller.DeleteAsync(path)).ShouldFail(404, "not_found");
        }

        (await key.DeleteAsync(keys)).ShouldBe(204);
        (await user.DeleteAsync(mine)).ShouldBe(204);
    }

    [Fact]
    public async Task The_same_idempotency_key_writes_one_note()
    {
        using var user = await api.SignInAsync();
        var body = new { title = "Once", content = "" };

        var first = (await user.PostAsync("/api/core/notes", body, ("Idempotency-Key", "n"))).ShouldBe(201);
        var again = (await user.PostAsync("/api/core/notes", body, ("Idempotency-Key", "n"))).ShouldBe(201);

        Assert.Equal(first.Text, again.Text);
        Assert.Equal(1, (await user.GetAsync("/api/core/notes")).Json.GetArrayLength());
    }

    [Fact]
    public async Task Notes_are_in_the_export_and_go_with_the_account()
    {
        using var user = await api.SignInAsync();
        await user.PostAsync("/api/core/notes", new { title = "Mine", content = "to keep" });

        var note = Assert.Single((await user.GetAsync("/api/auth/me/export")).ShouldBe(200)["notes"].EnumerateArray());

        Assert.Equal(("Mine", "to keep"), (note.GetProperty("title").GetString(), note.GetProperty("content").GetString()));
        (await user.DeleteAsync("/api/auth/me")).ShouldBe(204);
    }
}
