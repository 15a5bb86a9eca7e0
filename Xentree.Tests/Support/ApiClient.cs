using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Xentree.Tests;

/// <summary>A consumer of the API: speaks JSON over HTTP and knows no type of the server.</summary>
public sealed class ApiClient(Uri address) : IDisposable
{
    public const string Password = "three brown foxes";

    // No trace of the test's own goes out; and whoever leaves a stream closes the connection at once, instead of reading on to save it.
    private readonly HttpClient _http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null, MaxResponseDrainSize = 0 }) { BaseAddress = address };

    public Uri Address { get; } = address;

    public string? AccessToken { get; private set; }

    public string? RefreshToken { get; private set; }

    public string? ApiKey { get; private set; }

    /// <summary>Who this is, once registered.</summary>
    public string Username { get; private set; } = "";

    /// <summary>The id, once registered.</summary>
    public Guid UserId { get; private set; }

    /// <summary>The instant that requests carry in <c>X-Xentree-Now</c>; null for none.</summary>
    public string? Now { get; set; }

    public async Task RegisterAndLogInAsync(string username, string? now = null, string? timezone = null)
    {
        Now = now;
        Username = username;
        var profile = await SendAsync(HttpMethod.Post, "/api/auth/register", new { username, email = $"{username}@example.org", password = Password, timezone });
        Assert.Equal(HttpStatusCode.Created, profile.Status);
        UserId = profile["id"].GetGuid();
        await LogInAsync(username);
    }

    public async Task LogInAsync(string username, string password = Password)
    {
        var answer = await LogInAnswerAsync(username, password);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Use(answer);
    }

    public Task<Answer> LogInAnswerAsync(string username, string password) => SendContentAsync(
        HttpMethod.Post, "/api/auth/login",
        new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = username, ["password"] = password }), anonymous: true);

    /// <summary>Takes over the tokens of an answer.</summary>
    public void Use(Answer tokens) => (AccessToken, RefreshToken, ApiKey) = (tokens["access_token"].GetString(), tokens["refresh_token"].GetString(), null);

    /// <summary>The same caller on another replica.</summary>
    public ApiClient On(Uri replica) => new(replica) { AccessToken = AccessToken, RefreshToken = RefreshToken, ApiKey = ApiKey, Username = Username, UserId = UserId, Now = Now };

    /// <summary>The same caller, known by a name.</summary>
    public ApiClient Named(string username)
    {
        Username = username;
        return this;
    }

    /// <summary>Another caller with an access token.</summary>
    public ApiClient WithToken(string token) => new(Address) { AccessToken = token };

    /// <summary>Another caller with an API key.</summary>
    public ApiClient WithKey(string key) => new(Address) { ApiKey = key, Now = Now };

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> PostAsync(string path, object? body = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, body, headers);

    public Task<Answer> PutAsync(string path, object? body = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Put, path, body, headers);

    public Task<Answer> PatchAsync(string path, object? body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Patch, path, body, headers);

    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Delete, path, null, headers);

    /// <summary>Posts a text as it stands.</summary>
    public Task<Answer> PostRawAsync(string path, string body, string mediaType = "application/json", params (string Name, string Value)[] headers) =>
        SendContentAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, mediaType), headers: headers);

    public Task<Answer> SendAsync(HttpMethod method, string path, object? body, params (string Name, string Value)[] headers) =>
        SendContentAsync(method, path, body is null ? null : JsonContent.Create(body), headers: headers);

    public async Task<Answer> SendContentAsync(
        HttpMethod method, string path, HttpContent? content, bool anonymous = false, params (string Name, string Value)[] headers)
    {
        using var request = Request(method, path, content, anonymous, headers);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(response.StatusCode, Headers(response), await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Posts, and reads the server-sent events of the answer as they come. Leaving the loop closes the connection.</summary>
    public async IAsyncEnumerable<(string Event, JsonElement Data)> EventsAsync(
        string path, object body, [EnumeratorCancellation] CancellationToken cancellation = default, params (string Name, string Value)[] headers)
    {
        using var request = Request(HttpMethod.Post, path, JsonContent.Create(body), false, [("Accept", "text/event-stream"), .. headers]);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation)) yield return (item.EventType, JsonDocument.Parse(item.Data).RootElement);
    }

    /// <summary>Opens a stream of server-sent events. Disposing of it closes the connection.</summary>
    public async Task<EventStream> OpenAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = Request(method, path, body is null ? null : JsonContent.Create(body), false, [("Accept", "text/event-stream"), .. headers]);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return new EventStream(response, Headers(response));
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content, bool anonymous, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        if (!anonymous && AccessToken is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        if (!anonymous && ApiKey is not null) request.Headers.Add("X-API-Key", ApiKey);
        if (!anonymous && Now is not null) request.Headers.Add("X-Xentree-Now", Now);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static Dictionary<string, string> Headers(HttpResponseMessage response) =>
        response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
}

/// <summary>What came back.</summary>
public sealed record Answer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    private JsonElement? _json;

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => _json ??= JsonDocument.Parse(Body).RootElement;

    /// <summary>The code of an error.</summary>
    public string? ErrorCode => Json.GetProperty("detail").GetProperty("error").GetString();

    /// <summary>The address of the next page of a list; null on the last.</summary>
    public string? Next => Headers.TryGetValue("Link", out var link) ? link.Split('<', '>')[1] : null;

    /// <summary>One member of every row of a list.</summary>
    public IReadOnlyList<string?> Each(string name) => [.. Json.EnumerateArray().Select(row => row.GetProperty(name).GetString())];

    public JsonElement this[string name] => Json.GetProperty(name);

    /// <summary>Holds that the answer is this error and nothing else.</summary>
    public Answer ShouldFail(int status, string code)
    {
        Assert.Equal((status, code), ((int)Status, Body.Length == 0 ? "(no body)" : ErrorCode));
        Assert.Equal("application/json; charset=utf-8", Headers["Content-Type"]);
        Assert.Equal(Headers["X-Request-Id"], Json.GetProperty("detail").GetProperty("request_id").GetString());
        return this;
    }

    /// <summary>Holds that the request succeeded.</summary>
    public Answer ShouldBe(int status)
    {
        Assert.True(status == (int)Status, $"Expected {status}, got {(int)Status}: {Text}");
        return this;
    }
}
