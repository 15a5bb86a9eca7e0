using System.Net;
using System.Text;

namespace Xentree.Tests.Http;

/// <summary>Errors have one form, whoever raised them.</summary>
public sealed class ErrorFormTests(ProbeApi api) : IClassFixture<ProbeApi>, IDisposable
{
    private readonly ApiClient _client = api.Anonymous();

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/api/nowhere")]
    [InlineData("/api/auth/sessions/no-id/more")]
    public async Task A_path_that_leads_nowhere_is_not_found(string path) => (await _client.GetAsync(path)).ShouldFail(404, "not_found");

    [Fact]
    public async Task A_method_that_a_path_does_not_know_names_those_that_it_does()
    {
        var answer = (await _client.DeleteAsync("/api/auth/login")).ShouldFail(405, "method_not_allowed");

        Assert.Equal("POST", answer.Headers["Allow"]);
    }

    [Theory]
    [InlineData("{\"name\":")]
    [InlineData("{\"name\":\"a\"}x")]
    [InlineData("\"text\"")]
    [InlineData("")]
    [InlineData("null")]
    public async Task A_body_that_cannot_be_read_is_malformed(string body) => (await _client.PostRawAsync("/test/echo", body)).ShouldFail(400, "malformed_body");

    [Fact]
    public async Task Invalid_UTF8_is_malformed()
    {
        using var content = new ByteArrayContent([.. "{\"name\":\""u8, 0xc3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");

        var answer = await _client.SendContentAsync(HttpMethod.Post, "/test/echo", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(answer.ErrorCode, (string[])["malformed_body", "validation_failed"]);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_of_another_type_is_unsupported(string mediaType)
    {
        (await _client.PostRawAsync("/test/echo", "{}", mediaType)).ShouldFail(415, "unsupported_media_type");
        (await _client.PostRawAsync("/api/auth/register", "{}", mediaType)).ShouldFail(415, "unsupported_media_type");
    }

    [Fact]
    public async Task A_form_in_another_type_is_unsupported()
    {
        (await _client.PostRawAsync("/api/auth/login", """{"username":"a","password":"b"}""")).ShouldFail(415, "unsupported_media_type");
        using var multipart = new MultipartFormDataContent { { new StringContent("a"), "username" }, { new StringContent("b"), "password" } };
        (await _client.SendContentAsync(HttpMethod.Post, "/api/auth/login", multipart)).ShouldFail(415, "unsupported_media_type");
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        var large = $$"""{"name":"{{new string('a', 1 << 20)}}"}""";

        (await _client.PostRawAsync("/test/echo", large)).ShouldFail(413, "too_large");
        (await _client.PostRawAsync("/test/run?run=large", large, headers: ("Idempotency-Key", "large"))).ShouldFail(413, "too_large");
        (await _client.PostRawAsync("/test/form", "text=" + new string('a', 1 << 20), "application/x-www-form-urlencoded")).ShouldFail(413, "too_large");
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_whether_it_says_so_or_not()
    {
        using var content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"name":"{{new string('a', 1 << 20)}}"}""")));
        content.Headers.ContentType = new("application/json");
        content.Headers.ContentLength = null;

        (await _client.SendContentAsync(HttpMethod.Post, "/test/echo", content, headers: ("Transfer-Encoding", "chunked"))).ShouldFail(413, "too_large");
    }

    [Fact]
    public async Task A_body_that_is_too_deep_is_malformed()
    {
        static string Deep(string member, int depth) => string.Concat(Enumerable.Repeat($$"""{"{{member}}":""", depth)) + "null" + new string('}', depth);

        (await _client.PostRawAsync("/test/echo", Deep("inner", 31))).ShouldBe(200);
        (await _client.PostRawAsync("/test/echo", Deep("inner", 33))).ShouldFail(400, "malformed_body");
        (await _client.PostRawAsync("/test/echo", Deep("unknown", 33))).ShouldFail(400, "malformed_body");
    }

    [Theory]
    [InlineData("/test/number?n=many", "n")]
    [InlineData("/test/number?n=99999999999", "n")]
    [InlineData("/test/number", "n")]
    public async Task A_query_that_does_not_bind_names_its_field(string path, string field)
    {
        var answer = (await _client.GetAsync(path)).ShouldFail(400, "validation_failed");

        Assert.Equal([field], answer["detail"].GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task A_missing_form_field_is_required() =>
        (await _client.PostRawAsync("/api/auth/login", "username=a", "application/x-www-form-urlencoded")).ShouldFail(400, "validation_failed");

    [Theory]
    [InlineData("/api/auth/me?x=%00")]
    [InlineData("/test/number?n=1&x=a%00b")]
    [InlineData("/nowhere?%00=1")]
    public async Task A_NUL_in_the_query_is_refused(string path)
    {
        var answer = (await _client.GetAsync(path)).ShouldFail(400, "validation_failed");

        Assert.True(answer.Headers.ContainsKey("RateLimit"));
    }

    [Fact]
    public async Task A_NUL_in_a_form_is_refused() =>
        (await _client.PostRawAsync("/api/auth/login", "username=a%00b&password=x", "application/x-www-form-urlencoded")).ShouldFail(400, "malformed_body");

    [Fact]
    public async Task Authentication_and_authorization_answer_in_the_same_form()
    {
        (await _client.GetAsync("/api/auth/me")).ShouldFail(401, "not_authenticated");
        (await _client.WithToken("nonsense").GetAsync("/api/auth/me")).ShouldFail(401, "invalid_token");
        (await _client.GetAsync("/api/auth/me", ("Authorization", "Basic YTpi"))).ShouldFail(401, "invalid_token");
        (await _client.GetAsync("/api/auth/me", ("Authorization", "Bearer "))).ShouldFail(401, "invalid_token");
        (await _client.WithKey("xntr-short").GetAsync("/api/auth/me")).ShouldFail(401, "invalid_token");
        (await _client.WithKey("xntr-" + new string('a', 86)).GetAsync("/api/auth/me")).ShouldFail(401, "invalid_token");
    }

    [Fact]
    public async Task What_a_handler_throws_as_a_failure_is_that_failure() => (await _client.GetAsync("/test/failure")).ShouldFail(409, "slug_taken");

    [Fact]
    public async Task A_fault_tells_nothing_but_its_request_id()
    {
        var answer = (await _client.GetAsync("/test/fault")).ShouldFail(500, "internal_error");

        Assert.DoesNotContain("select", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Exception", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Xentree.", answer.Text, StringComparison.Ordinal);
        Assert.Equal(["error", "message", "request_id"], answer["detail"].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_given_up()
    {
        var answer = (await _client.GetAsync("/test/slow")).ShouldFail(503, "dependency_unavailable");

        Assert.True(answer.Headers.ContainsKey("Retry-After"));
    }

    [Theory]
    [InlineData("/api/auth/me", 401)]
    [InlineData("/health", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/docs/api", 200)]
    [InlineData("/nowhere", 404)]
    [InlineData("/api/auth/login", 405)]
    [InlineData("/test/number?n=1", 200)]
    public async Task HEAD_is_GET_without_the_body(string path, int status)
    {
        var answer = (await _client.SendAsync(HttpMethod.Head, path, null)).ShouldBe(status);
        var get = (await _client.GetAsync(path)).ShouldBe(status);

        Assert.Empty(answer.Body);
        Assert.Equal(get.Headers["Content-Type"], answer.Headers["Content-Type"]);
        Assert.True(answer.Headers.ContainsKey("X-Request-Id"));
        Assert.True(answer.Headers.ContainsKey("RateLimit"));
    }

    [Fact]
    public async Task The_request_id_is_the_trace_id_of_the_caller()
    {
        const string traceId = "4bf92f3577b34da6a3ce929d0e0e4736";

        var answer = await _client.GetAsync("/api/auth/me", ("traceparent", $"00-{traceId}-00f067aa0ba902b7-01"));
        var invalid = await _client.GetAsync("/api/auth/me", ("traceparent", "00-nonsense-00f067aa0ba902b7-01"));

        Assert.Equal(traceId, answer.ShouldFail(401, "not_authenticated").Headers["X-Request-Id"]);
        Assert.Matches("^[0-9a-f]{32}$", invalid.ShouldFail(401, "not_authenticated").Headers["X-Request-Id"]);
        Assert.NotEqual(traceId, invalid.Headers["X-Request-Id"]);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/api")]
    [InlineData("/nowhere")]
    [InlineData("/api/auth/me")]
    [InlineData("/test/fault")]
    [InlineData("/test/slow")]
    [InlineData("/test/number?n=x")]
    public async Task Every_answer_carries_a_request_id_and_the_limits(string path)
    {
        var headers = (await _client.GetAsync(path)).Headers;

        Assert.Matches("^[0-9a-f]{32}$", headers["X-Request-Id"]);
        Assert.Matches("^\"anonymous\";r=\\d+;t=\\d+$", headers["RateLimit"]);
        Assert.Matches("^\"anonymous\";q=\\d+;w=60$", headers["RateLimit-Policy"]);
        Assert.Equal("nosniff", headers["X-Content-Type-Options"]);
        Assert.Contains("default-src 'none'", headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unfinished_upgrade_is_an_error_like_any_other() =>
        (await _client.GetAsync("/nowhere", ("Connection", "Upgrade"), ("Upgrade", "websocket"))).ShouldFail(404, "not_found");
}
