using System.Text.Json;

namespace Xentree.Tests.Search;

public sealed class SearchApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("mountain", "a word")]
    [InlineData("MOUNTAIN", "without regard to case")]
    [InlineData("walks", "another form of a word")]
    [InlineData("walk mountains", "all words, in any order")]
    [InlineData("the walk", "passing over what says nothing")]
    [InlineData("\"walked in the mountains\"", "a phrase")]
    [InlineData("walking -city", "without a word that is not there")]
    [InlineData("zebra or mountains", "either word")]
    [InlineData("mountian", "letters swapped")]
    [InlineData("moutain", "a letter dropped")]
    [InlineData("restaraunt", "two slips in a long word")]
    [InlineData("Dubrov", "the beginning of a name")]
    [InlineData("Dubrovnick", "a name misspelt")]
    [InlineData("Krcic", "a name without its accents")]
    [InlineData("walking in the montains", "a slip among other words")]
    [InlineData("will", "a word that is mostly passed over")]
    public async Task A_note_is_found_by(string query, string by)
    {
        using var user = await api.SignInAsync();
        await user.NoteAsync("Holiday", "We walked in the mountains, ate in a restaurant near Dubrovnik with Ana Krčić and Will.");
        await user.NoteAsync("Other", "Nothing to see here.");

        var found = await user.FindAsync(query);

        Assert.True(found is ["Holiday"], $"By {by}: {string.Join(", ", found)}");
    }

    [Theory]
    [InlineData("mountains city")]
    [InlineData("\"mountains walked\"")]
    [InlineData("walking -restaurants")]
    [InlineData("\"mountian\"")]
    [InlineData("giraffe")]
    [InlineData("mnt")]
    [InlineData("...")]
    [InlineData("- ! & |")]
    public async Task Nothing_is_found_by_what_does_not_match(string query)
    {
        using var user = await api.SignInAsync();
        await user.NoteAsync("Holiday", "We walked in the mountains, and ate in a restaurant.");

        Assert.Empty(await user.FindAsync(query));
    }

    [Theory]
    [InlineData("de", "Die Häuser am Fluss waren alt.", "Haus Fluss")]
    [InlineData("de-AT", "Wir haben viele Bücher gelesen.", "Bücher")]
    [InlineData("es", "Los niños cantaban canciones en la plaza.", "canción")]
    [InlineData("fr", "Nous avons mangé des pommes.", "pomme")]
    [InlineData("hr", "Kuće uz rijeku bile su stare.", "rijeku")]
    [InlineData("ja", "Tokyo 東京 is big.", "東京")]
    [InlineData("es", "The children were singing.", "singing")]
    public async Task Text_is_found_in_the_language_of_its_user(string language, string content, string query)
    {
        using var user = await api.SignInAsync();
        await user.SpeakAsync(language);
        await user.NoteAsync("Found", content);

        Assert.Equal(["Found"], await user.FindAsync(query));
    }

    [Fact]
    public async Task A_conversation_is_found_once_by_its_best_message()
    {
        using var user = await api.SignInAsync();
        var conversation = await user.ConversationAsync("Travels");
        await user.SayAsync(conversation, "I like the museum.");
        await user.SayAsync(conversation, "A museum is a museum, and this museum is the best museum.");
        var messages = (await user.GetAsync($"/api/core/conversations/{conversation}/messages")).Json;
        var best = messages[2].GetProperty("id").GetString();

        var hit = Assert.Single((await user.SearchAsync("museums")).Json.EnumerateArray());

        Assert.Equal(("conversation", best, conversation), (hit.GetProperty("type").GetString(), hit.GetProperty("id").GetString(), hit.GetProperty("conversation_id").GetString()));
        Assert.Equal("Travels", hit.GetProperty("title").GetString());
        Assert.Contains("<mark>museum</mark>", hit.GetProperty("snippet").GetString(), StringComparison.Ordinal);
        Assert.Equal(messages[2].GetProperty("created_at").GetString(), hit.GetProperty("created_at").GetString());
        Assert.True(hit.GetProperty("score").GetDouble() > 0);
    }

    [Fact]
    public async Task A_conversation_is_found_by_its_title_given_made_and_changed()
    {
        using var user = await api.SignInAsync();
        var given = await user.ConversationAsync("Giraffes");
        var made = await user.ConversationAsync();
        await user.SayAsync(made, "Elephants are big.");

        var hit = Assert.Single((await user.SearchAsync("giraffe")).Json.EnumerateArray());
        Assert.Equal((given, given, ""), (hit.GetProperty("id").GetString(), hit.GetProperty("conversation_id").GetString(), hit.GetProperty("snippet").GetString()));
        // The title that a message made says the same as the message, which is what is shown.
        var shown = Assert.Single((await user.SearchAsync("elephant")).Json.EnumerateArray());
        Assert.Equal(("Elephants are big.", "<mark>Elephants</mark> are big."), (shown.GetProperty("title").GetString(), shown.GetProperty("snippet").GetString()));

        (await user.PatchAsync($"/api/core/conversations/{given}", new { title = "Penguins" })).ShouldBe(200);
        Assert.Empty(await user.FindAsync("giraffe"));
        Assert.Equal(["Penguins"], await user.FindAsync("penguin"));
        (await user.PatchAsync($"/api/core/conversations/{given}", new { title = (string?)null })).ShouldBe(200);
        Assert.Empty(await user.FindAsync("penguin"));
    }

    [Fact]
    public async Task A_note_is_found_by_what_it_says_now()
    {
        using var user = await api.SignInAsync();
        var id = await user.NoteAsync("Before", "giraffe");

        (await user.PutAsync($"/api/core/notes/{id}", new { title = "After", content = "penguin" })).ShouldBe(200);

        Assert.Empty(await user.FindAsync("giraffe"));
        var hit = Assert.Single((await user.SearchAsync("penguin")).Json.EnumerateArray());
        Assert.Equal((id, "After", JsonValueKind.Null), (hit.GetProperty("id").GetString(), hit.GetProperty("title").GetString(), hit.GetProperty("conversation_id").ValueKind));
    }

    [Theory]
    [InlineData("<script>alert('penguin')</script>")]
    [InlineData("<img src=x onerror=alert(1)> penguin & \"friends\" <b>bold</b>")]
    [InlineData("<mark>penguin</mark> &lt;script&gt;")]
    [InlineData("\u0001penguin\u0002 \u0001<script>\u0002")]
    [InlineData("a < penguin > b")]
    public async Task A_snippet_is_safe(string content)
    {
        using var user = await api.SignInAsync();
        await user.NoteAsync("Zoo", content);

        var snippet = (await user.SearchAsync("penguins")).Json[0].GetProperty("snippet").GetString()!;

        Assert.Contains("<mark>penguin</mark>", snippet, StringComparison.Ordinal);
        var rest = snippet.Replace("<mark>penguin</mark>", "", StringComparison.Ordinal);
        Assert.Equal(-1, rest.IndexOfAny(['<', '>', '"', '\'', '\u0001', '\u0002']));
    }

    [Fact]
    public async Task What_was_typed_with_a_slip_is_marked_as_it_is_written()
    {
        using var user = await api.SignInAsync();
        await user.NoteAsync("Food", "Two restaurants are near the river.");

        Assert.Equal("Two <mark>restaurants</mark> are near the river.", (await user.SearchAsync("restaraunts")).Json[0].GetProperty("snippet").GetString());
    }

    [Fact]
    public async Task Titles_come_before_texts_and_the_newer_before_the_older()
    {
        using var user = await api.SignInAsync(now: "2026-03-01T12:00:00.000Z");
        foreach (var (title, content, now) in ((string, string, string)[])
            [("The giraffe", "an animal", "2026-03-01T12:00:00.000Z"), ("Older", "a giraffe", "2026-03-02T12:00:00.000Z"), ("Newer", "a giraffe", "2026-03-03T12:00:00.000Z")])
        {
            user.Now = now;
            await user.NoteAsync(title, content);
        }

        var found = await user.SearchAsync("giraffe");

        Assert.Equal(["The giraffe", "Newer", "Older"], found.Each("title"));
        Assert.Equal(["2026-03-01T12:00:00.000Z", "2026-03-03T12:00:00.000Z", "2026-03-02T12:00:00.000Z"], found.Each("created_at"));
        var scores = found.Json.EnumerateArray().Select(hit => hit.GetProperty("score").GetDouble()).ToList();
        Assert.Equal(scores.OrderDescending(), scores);
    }

    [Fact]
    public async Task What_is_written_as_typed_comes_before_what_is_near()
    {
        using var user = await api.SignInAsync();
        await user.NoteAsync("Exact", "the form is here");
        await user.NoteAsync("Near", "the formula is here");

        Assert.Equal(["Exact", "Near"], await user.FindAsync("form"));
        Assert.Equal(["Near"], await user.FindAsync("formul"));
    }

    [Fact]
    public async Task Type_and_limit_narrow_what_is_found()
    {
        using var user = await api.SignInAsync();
        await user.NoteAsync("Note 1", "giraffe");
        await user.NoteAsync("Note 2", "giraffe");
        await user.ConversationAsync("Giraffe");

        Assert.Equal(3, (await user.FindAsync("giraffe")).Count);
        Assert.Equal(2, (await user.FindAsync("giraffe", "&limit=2")).Count);
        Assert.Equal(["note", "note"], (await user.SearchAsync("giraffe", "&type=note")).Each("type"));
        Assert.Equal(["conversation"], (await user.SearchAsync("giraffe", "&type=conversation")).Each("type"));
        Assert.Empty(await user.FindAsync("giraffe", "&type=document"));
        Assert.Empty(await user.FindAsync("giraffe", "&type=transcript"));
    }

    [Theory]
    [InlineData("", "q")]
    [InlineData("?q=", "q")]
    [InlineData("?q=%20%20", "q")]
    [InlineData("?q=a%00", "query")]
    [InlineData("?q=a&type=messages", "type")]
    [InlineData("?q=a&type=Note", "type")]
    [InlineData("?q=a&type=", "type")]
    [InlineData("?q=a&limit=0", "limit")]
    [InlineData("?q=a&limit=101", "limit")]
    [InlineData("?q=a&limit=ten", "limit")]
    public async Task A_bad_search_names_the_field(string query, string field)
    {
        using var user = await api.SignInAsync();

        var answer = (await user.GetAsync($"/api/core/search{query}")).ShouldFail(400, "validation_failed");

        Assert.Equal([field], answer["detail"].GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task A_query_has_at_most_500_characters()
    {
        using var user = await api.SignInAsync();

        Assert.Empty(await user.FindAsync(new string('x', 500)));
        (await user.GetAsync($"/api/core/search?q={new string('x', 501)}")).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task No_query_breaks_the_search()
    {
        using var user = await api.SignInAsync();
        await user.NoteAsync("Note", @"It's a \ back 100% under_score o'clock a:b*c foo/bar x@y.zz http://a.b/c?d=e <i>tag</i> a&b|c!(d)");
        var random = new Random(4);
        const string pieces = "\"'-!&|():*<>\\/%_,.;?#@ $^~`+=[]{}  or OR a it's foo é 東\u0001\u0002\u200b\U0001F600";
        var queries = Enumerable.Range(0, 150).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 240)).Select(_ => pieces.EnumerateRunes().ElementAt(random.Next(pieces.EnumerateRunes().Count())))))
            .Append(string.Concat(Enumerable.Repeat("\" -", 166))).Append(string.Concat(Enumerable.Repeat("a or ", 100))).Append(new string('(', 500)).Append(@"\' \\ '' %_ \_").Append("-a").Append("-a or -b");

        foreach (var query in queries.Where(query => !string.IsNullOrWhiteSpace(query))) await user.SearchAsync(query);

        Assert.Equal(["Note"], await user.FindAsync("under_score"));
        Assert.Equal(["Note"], await user.FindAsync("it's o'clock"));
        Assert.Equal(["Note"], await user.FindAsync("-giraffe"));
        Assert.Empty(await user.FindAsync("-under"));
        (await user.GetAsync("/api/core/search?q=%ED%A0%80")).ShouldBe(200);
    }

    [Fact]
    public async Task A_word_in_very_many_texts_finds_the_best_and_the_newest()
    {
        using var user = await api.SignInAsync();
        await user.NoteAsync("Oldest", "penguin");
        await api.ExecuteAsync(
            $"""
            insert into notes (id, user_id, title, content, created_at, updated_at)
            select ('01ff0000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, '{user.UserId}', 'Note ' || n, 'the penguin', now() + n * interval '1 second', now() from generate_series(1, 1500) n
            """);
        await api.SweepAsync();

        Assert.Equal(["Note 1500", "Note 1499", "Note 1498"], await user.FindAsync("penguin", "&limit=3"));
        Assert.Equal(["Note 1500", "Note 1499"], await user.FindAsync("the", "&limit=2"));
        Assert.Equal(["Note 1500"], await user.FindAsync("-giraffe", "&limit=1"));
        Assert.Equal(["Oldest"], await user.FindAsync("oldest"));
    }

    [Fact]
    public async Task Nobody_finds_what_is_anothers_and_a_key_only_what_is_of_its_organization()
    {
        using var user = await api.SignInAsync();
        using var other = await api.SignInAsync();
        using var key = await api.KeyForAsync(user, "conversations:read", "conversations:write");
        using var foreign = await api.KeyForAsync(user, "api:admin");
        await user.NoteAsync("Mine", "giraffe");
        await key.NoteAsync("The key's", "giraffe");
        await key.SayAsync(await key.ConversationAsync("The key's talk"), "giraffe");

        Assert.Equal(3, (await user.FindAsync("giraffe")).Count);
        Assert.Equal(["The key's", "The key's talk"], (await key.FindAsync("giraffe")).Order());
        foreach (var query in (string[])["giraffe", "girafe", "gira", "-penguin", "\"giraffe\""])
        {
            Assert.Empty(await other.FindAsync(query));
            Assert.Empty(await foreign.FindAsync(query));
        }
    }

    [Fact]
    public async Task What_is_shared_with_an_organization_its_members_and_its_keys_find_alone()
    {
        using var owner = await api.SignInAsync();
        var organization = await owner.CreateOrganizationAsync();
        using var member = await api.AddMemberAsync(owner, organization, "member");
        using var key = await member.CreateKeyAsync(organization, "conversations:read");
        using var stranger = await api.SignInAsync();
        using var foreign = await api.KeyForAsync(member, "conversations:read");
        await api.ExecuteAsync(
            $"""
            insert into search_entries (id, type, item_id, user_id, organization_id, audience_id, title, content, config, created_at)
            values (gen_random_uuid(), 'Document', gen_random_uuid(), '{owner.UserId}', '{organization}', '{organization}', 'Handbook', 'About giraffes', 'english', now())
            """);

        foreach (var client in (ApiClient[])[owner, member, key]) Assert.Equal(["Handbook"], await client.FindAsync("giraffe", "&type=document"));
        foreach (var client in (ApiClient[])[stranger, foreign]) Assert.Empty(await client.FindAsync("giraffe"));
        (await owner.DeleteAsync($"/api/organizations/{organization}/members/{member.UserId}")).ShouldBe(204);
        Assert.Empty(await member.FindAsync("giraffe"));
    }

    [Fact]
    public async Task Nothing_that_was_deleted_is_ever_found()
    {
        using var user = await api.SignInAsync();
        var (note, conversation) = (await user.NoteAsync("Note", "giraffe"), await user.ConversationAsync("Giraffe"));
        await user.SayAsync(conversation, "A giraffe is tall.");
        Assert.Equal(2, (await user.FindAsync("giraffe")).Count);

        (await user.DeleteAsync($"/api/core/notes/{note}")).ShouldBe(204);
        (await user.DeleteAsync($"/api/core/conversations/{conversation}")).ShouldBe(204);

        foreach (var query in (string[])["giraffe", "girafe", "gira", "-penguin"]) Assert.Empty(await user.FindAsync(query));
        Assert.Equal(0L, await api.ScalarAsync($"select count(*) from search_entries where user_id = '{user.UserId}'"));
        Assert.NotEqual(0L, await api.ScalarAsync($"select count(*) from search_words where user_id = '{user.UserId}'"));
        await api.SweepAsync();
        Assert.Equal(0L, await api.ScalarAsync($"select count(*) from search_words where user_id = '{user.UserId}'"));
    }

    [Fact]
    public async Task An_erased_account_leaves_nothing_to_find()
    {
        using var user = await api.SignInAsync();
        await user.NoteAsync("Note", "giraffe");
        await user.SayAsync(await user.ConversationAsync(), "A giraffe is tall.");

        (await user.DeleteAsync("/api/auth/me")).ShouldBe(204);

        Assert.Equal(0L, await api.ScalarAsync($"select (select count(*) from search_entries where user_id = '{user.UserId}') + (select count(*) from search_words where user_id = '{user.UserId}')"));
    }

    [Fact]
    public async Task Texts_with_the_same_words_can_be_written_at_once()
    {
        using var user = await api.SignInAsync();
        var words = Enumerable.Range(0, 60).Select(i => $"word{(char)('a' + (i % 26))}{i}").ToList();

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => user.NoteAsync($"Note {i}", string.Join(' ', i % 2 == 0 ? words : Enumerable.Reverse(words)))));

        Assert.Equal(12, (await user.FindAsync("worda0", "&limit=100")).Count);
    }
}
