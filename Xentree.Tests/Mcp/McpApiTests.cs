using System.Net;
using System.Text.Json;
using ModelContextProtocol;
using Npgsql;
using Xentree.Api.Tools;

namespace Xentree.Tests.Mcp;

public sealed class McpApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private static readonly (string, string) Accept = ("Accept", "application/json, text/event-stream");

    [Theory]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData(null)]
    public async Task An_assistant_connects_sees_the_tools_and_calls_them(string? protocol)
    {
        using var user = await api.SignInAsync();
        await using var assistant = await Assistant.ConnectAsync(user, protocol);

        Assert.Equal("xentree", assistant.Client.ServerInfo?.Name);
        Assert.NotEmpty(assistant.Client.ServerInstructions!);
        Assert.Equal(ToolBox.All.Select(tool => tool.Name), await assistant.ToolsAsync());
        Assert.Equal(0, (await assistant.CallAsync("xp_profile")).GetProperty("total_xp").GetInt32());
        Assert.Equal(7, (await assistant.CallAsync("learning_time")).GetProperty("days").GetArrayLength());
    }

    [Fact]
    public async Task Every_tool_says_what_it_takes_and_that_it_changes_nothing()
    {
        using var user = await api.SignInAsync();
        await using var assistant = await Assistant.ConnectAsync(user);

        Assert.All((await assistant.ListAsync()).Zip(ToolBox.All), pair =>
        {
            Assert.Equal(pair.Second.Description, pair.First.Description);
            Assert.True(JsonElement.DeepEquals(pair.Second.Parameters, pair.First.InputSchema));
            Assert.True(pair.First.Annotations!.ReadOnlyHint);
        });
    }

    [Fact]
    public async Task A_tool_tells_what_the_operation_tells()
    {
        using var user = await api.SignInAsync(now: "2026-03-01T08:00:00Z");
        await user.LearnInMarchAsync(1, 2);
        user.Now = "2026-03-03T12:00:00Z";
        await using var assistant = await Assistant.ConnectAsync(user);

        var told = await assistant.CallAsync("xp_profile");
        var profile = (await user.GetAsync("/api/xp/profile")).ShouldBe(200);
        foreach (var member in (string[])["total_xp", "level", "current_level_xp", "xp_needed_for_next_level", "current_streak", "longest_streak"])
            Assert.Equal(profile[member].GetRawText(), told.GetProperty(member).GetRawText());
        Assert.Equal(
            (await user.GetAsync("/api/xp/quests")).ShouldBe(200)["quests"].EnumerateArray().Select(quest => quest.GetProperty("title").GetString()),
            told.GetProperty("quests").EnumerateArray().Select(quest => quest.GetProperty("title").GetString()));

        var time = await assistant.CallAsync("learning_time", """{"days": 3}""");
        var analytics = (await user.GetAsync("/api/analytics/learning-time?start_date=2026-03-01")).ShouldBe(200);
        Assert.Equal(120, time.GetProperty("total_seconds").GetInt32());
        Assert.Equal(analytics["by_day"].GetRawText(), time.GetProperty("days").GetRawText());
    }

    [Fact]
    public async Task A_sandbox_users_clock_goes_where_the_header_says()
    {
        using var user = await api.SignInAsync(now: "2026-03-01T08:00:00Z", timezone: "Pacific/Auckland");
        user.Now = "2026-05-09T20:00:00Z";
        await using var assistant = await Assistant.ConnectAsync(user);

        Assert.Equal("2026-05-10", (await assistant.CallAsync("xp_profile")).GetProperty("today").GetString());
    }

    [Fact]
    public async Task Nobody_elses_clock_moves()
    {
        using var user = await api.SignInAsync();

        (await user.PostRawAsync("/mcp", Ping, headers: [Accept, ("X-Xentree-Now", "2026-05-09T20:00:00Z")])).ShouldFail(400, "time_travel_disabled");
    }

    [Fact]
    public async Task Replicas_serve_one_assistant_in_turn()
    {
        using var user = await api.SignInAsync();
        var other = await api.StartReplicaAsync();
        await using var assistant = await Assistant.ConnectAsync(user, "2025-11-25", api.Address, other);

        for (var i = 0; i < 4; i++)
        {
            Assert.NotEmpty(await assistant.ToolsAsync());
            await assistant.CallAsync("xp_profile");
            await assistant.CallAsync("learning_time");
        }
    }

    [Fact]
    public async Task Who_is_nobody_is_told_how_to_sign_in()
    {
        using var anonymous = api.Anonymous();
        using var stranger = anonymous.WithToken("not-a-token");

        var refused = (await anonymous.PostRawAsync("/mcp", Ping, headers: Accept)).ShouldFail(401, "not_authenticated");
        Assert.Equal("Bearer realm=\"xentree\"", refused.Headers["WWW-Authenticate"]);
        refused = (await stranger.PostRawAsync("/mcp", Ping, headers: Accept)).ShouldFail(401, "invalid_token");
        Assert.Equal("Bearer realm=\"xentree\", error=\"invalid_token\"", refused.Headers["WWW-Authenticate"]);
        // Before anybody looks at what was sent.
        (await anonymous.PostRawAsync("/mcp", "no message", headers: Accept)).ShouldFail(401, "not_authenticated");

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => Assistant.ConnectAsync(anonymous));
        Assert.Equal(HttpStatusCode.Unauthorized, StatusIn(thrown));
    }

    [Fact]
    public async Task Two_credentials_are_one_too_many()
    {
        using var user = await api.SignInAsync();

        (await user.PostRawAsync("/mcp", Ping, headers: [Accept, ("X-API-Key", "xntr-none")])).ShouldFail(400, "ambiguous_credentials");
    }

    [Theory]
    [InlineData("conversations:read", true)]
    [InlineData("api:read", true)]
    [InlineData("api:admin", true)]
    [InlineData("conversations:write", false)]
    [InlineData("xel:read", false)]
    public async Task A_key_sees_and_calls_the_tools_whose_scope_it_has(string scope, bool reads)
    {
        using var owner = await api.SignInAsync();
        using var key = await owner.CreateKeyAsync(await owner.CreateOrganizationAsync(), scope);
        await using var assistant = await Assistant.ConnectAsync(key);

        Assert.Equal(reads ? ["xp_profile", "learning_time"] : [], (await assistant.ToolsAsync()).Intersect(["xp_profile", "learning_time"]));
        if (reads)
        {
            await assistant.CallAsync("xp_profile");
            return;
        }

        var detail = await assistant.CallToFailAsync("INSUFFICIENT_API_KEY_SCOPE", "xp_profile");
        Assert.Equal("conversations:read", detail.GetProperty("required_scope").GetString());
        Assert.Equal([scope], detail.GetProperty("granted_scopes").EnumerateArray().Select(granted => granted.GetString()));
    }

    [Fact]
    public async Task A_key_tells_of_its_own_member_and_of_nobody_else()
    {
        using var owner = await api.SignInAsync(now: "2026-03-01T08:00:00Z");
        using var other = await api.SignInAsync(now: "2026-03-01T08:00:00Z");
        await owner.LearnInMarchAsync(1);
        var organization = await owner.CreateOrganizationAsync();
        (await owner.PostAsync($"/api/organizations/{organization}/members", new { user_id = other.UserId, role = "admin" })).ShouldBe(201);
        using var mine = await owner.CreateKeyAsync(organization, "conversations:read");
        using var colleagues = await other.CreateKeyAsync(organization, "conversations:read");
        using var elsewhere = await other.CreateKeyAsync(await other.CreateOrganizationAsync(), "api:admin");

        await using var assistant = await Assistant.ConnectAsync(mine);
        Assert.Equal(60, (await assistant.CallAsync("learning_time", """{"days": 90}""")).GetProperty("total_seconds").GetInt32());
        foreach (var key in (ApiClient[])[colleagues, elsewhere])
        {
            await using var theirs = await Assistant.ConnectAsync(key);
            Assert.Equal(0, (await theirs.CallAsync("learning_time", """{"days": 90}""")).GetProperty("total_seconds").GetInt32());
            Assert.Equal(0, (await theirs.CallAsync("xp_profile")).GetProperty("total_xp").GetInt32());
        }
    }

    [Fact]
    public async Task A_key_that_is_deleted_between_two_calls_is_refused_at_the_second()
    {
        using var owner = await api.SignInAsync();
        using var key = await owner.CreateKeyAsync(await owner.CreateOrganizationAsync(), "conversations:read");
        await using var assistant = await Assistant.ConnectAsync(key, null, api.Address, await api.StartReplicaAsync());
        await assistant.CallAsync("xp_profile");
        await assistant.CallAsync("xp_profile");

        (await owner.DeleteAsync($"/api/api-keys/{(await owner.GetAsync("/api/api-keys")).Each("id").Single()}")).ShouldBe(204);

        for (var i = 0; i < 2; i++)
        {
            var thrown = await Assert.ThrowsAnyAsync<Exception>(() => assistant.CallAsync("xp_profile"));
            Assert.Equal(HttpStatusCode.Unauthorized, StatusIn(thrown));
        }
    }

    [Fact]
    public async Task A_tool_that_there_is_none_of_is_an_error_of_the_protocol()
    {
        using var user = await api.SignInAsync();
        // Newer versions say the name in a header, too, where blanks are lost.
        await using var assistant = await Assistant.ConnectAsync(user, "2025-11-25");

        foreach (var name in (string[])["fly", "XP_PROFILE", "", "xp_profile "])
        {
            var thrown = await Assert.ThrowsAsync<McpProtocolException>(() => assistant.CallAsync(name));
            Assert.Equal(McpErrorCode.InvalidParams, thrown.ErrorCode);
        }
    }

    [Theory]
    [InlineData("""{"days": 0}""", "days")]
    [InlineData("""{"days": 91}""", "days")]
    [InlineData("""{"days": 1.5}""", "days")]
    [InlineData("""{"days": 99999999999999999999}""", "days")]
    [InlineData("""{"days": "seven"}""", "days")]
    [InlineData("""{"days": {"from": 1}}""", "days")]
    [InlineData("""{"user_id": "01981f6e-8f00-7c3a-9a51-3f6f1c0d2bff"}""", "arguments")]
    public async Task Malformed_arguments_are_named_in_the_error_of_the_tool(string arguments, string field)
    {
        using var user = await api.SignInAsync();
        var message = $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"learning_time","arguments":{{{arguments}}}}}""";

        var answer = (await user.PostRawAsync("/mcp", message, headers: Accept)).ShouldBe(200);

        Assert.True(Message(answer).TryGetProperty("result", out var result), answer.Text);
        var detail = JsonElement.Parse(result.GetProperty("content")[0].GetProperty("text").GetString()!).GetProperty("detail");
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Equal("validation_failed", detail.GetProperty("error").GetString());
        Assert.Equal([field], detail.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.Equal(answer.Headers["X-Request-Id"], detail.GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task An_argument_that_is_null_is_absent()
    {
        using var user = await api.SignInAsync();
        await using var assistant = await Assistant.ConnectAsync(user);

        Assert.Equal(7, (await assistant.CallAsync("learning_time", """{"days": null}""")).GetProperty("days").GetArrayLength());
    }

    [Fact]
    public async Task What_is_no_message_is_refused_as_everywhere()
    {
        using var user = await api.SignInAsync();
        var batch = $"[{string.Join(',', Enumerable.Repeat(Ping, 100))}]";

        // What is HTTP's is an error like any other, what is the protocol's has its form.
        foreach (var text in (string[])["{\"jsonrpc\"", batch, "{}", ""])
            Assert.Equal(-32600, (await user.PostRawAsync("/mcp", text, headers: Accept)).ShouldBe(400)["error"].GetProperty("code").GetInt32());
        Assert.Equal(-32601, Message(await user.PostRawAsync("/mcp", Ping.Replace("ping", "prompts/list", StringComparison.Ordinal), headers: Accept)).GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(-32603, Message(await user.PostRawAsync("/mcp", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"learning_time","arguments":{"days":"\ud800"}}}""", headers: Accept)).GetProperty("error").GetProperty("code").GetInt32());
        (await user.PostRawAsync("/mcp", Ping, "text/plain", Accept)).ShouldFail(415, "unsupported_media_type");
        (await user.PostRawAsync("/mcp", Ping.Replace("ping", new string('p', 70_000), StringComparison.Ordinal), headers: Accept)).ShouldFail(413, "too_large");
        (await user.SendContentAsync(HttpMethod.Post, "/mcp", new Drip(70_000), headers: Accept)).ShouldFail(413, "too_large");
        (await user.GetAsync("/mcp", Accept)).ShouldFail(405, "method_not_allowed");
        (await user.DeleteAsync("/mcp")).ShouldFail(405, "method_not_allowed");
        (await user.PostRawAsync("/mcp/sse", Ping, headers: Accept)).ShouldFail(404, "not_found");
    }

    [Fact]
    public async Task A_fault_inside_a_tool_tells_nothing_of_it()
    {
        await using var broken = api.Another();
        await broken.InitializeAsync();
        using var user = await broken.SignInAsync();
        await using var assistant = await Assistant.ConnectAsync(user);
        await using (var connection = new NpgsqlConnection(broken.Database))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var rename = new NpgsqlCommand("alter table daily_quests rename to gone", connection);
            await rename.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var detail = await assistant.CallToFailAsync("internal_error", "xp_profile");

        Assert.Equal(["error", "message", "request_id"], detail.EnumerateObject().Select(member => member.Name));
        Assert.DoesNotContain("daily_quests", detail.GetRawText(), StringComparison.Ordinal);
        // The others work on.
        await assistant.CallAsync("learning_time");
    }

    private static JsonElement Message(Answer answer) => JsonElement.Parse(answer.Text.Split('\n').Single(line => line.StartsWith("data:", StringComparison.Ordinal))["data:".Length..]);

    private static HttpStatusCode? StatusIn(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is HttpRequestException { StatusCode: { } status }) return status;
        }

        return null;
    }

    /// <summary>A body that does not say how long it is.</summary>
    private sealed class Drip : HttpContent
    {
        private readonly int _length;

        public Drip(int length)
        {
            _length = length;
            Headers.ContentType = new("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(Enumerable.Repeat((byte)' ', _length).ToArray()).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
