using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Xentree.Tests;

/// <summary>A learner's own assistant: the official client of the Model Context Protocol, with the credentials of a consumer of the API.</summary>
public sealed class Assistant : IAsyncDisposable
{
    private readonly HttpClient _http;

    private Assistant(HttpClient http, McpClient client) => (_http, Client) = (http, client);

    public McpClient Client { get; }

    /// <summary>Connects. Where replicas are given, requests go to each in turn.</summary>
    public static async Task<Assistant> ConnectAsync(ApiClient caller, string? protocol = null, params Uri[] replicas)
    {
        var headers = new Dictionary<string, string>();
        if (caller.AccessToken is { } token) headers["Authorization"] = $"Bearer {token}";
        if (caller.ApiKey is { } key) headers["X-API-Key"] = key;
        if (caller.Now is { } now) headers["X-Xentree-Now"] = now;

        var http = new HttpClient(new InTurn(replicas is [] ? [caller.Address] : replicas));
        var transport = new HttpClientTransport(
            new() { Endpoint = new Uri(caller.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp, AdditionalHeaders = headers }, http);
        try
        {
            return new(http, await McpClient.CreateAsync(transport, new() { ProtocolVersion = protocol }, cancellationToken: TestContext.Current.CancellationToken));
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    /// <summary>The names of the tools that it is shown.</summary>
    public async Task<IReadOnlyList<string>> ToolsAsync() => [.. (await ListAsync()).Select(tool => tool.Name)];

    /// <summary>The tools that it is shown.</summary>
    public async Task<IList<Tool>> ListAsync() => (await Client.ListToolsAsync(new ListToolsRequestParams(), TestContext.Current.CancellationToken)).Tools;

    /// <summary>Calls a tool that must work; what it told.</summary>
    public async Task<JsonElement> CallAsync(string tool, string arguments = "{}")
    {
        var result = await TryCallAsync(tool, arguments);
        Assert.True(result.IsError is not true, Text(result));
        return JsonElement.Parse(Text(result));
    }

    /// <summary>Calls a tool that must fail; the detail of the error, whose code is <paramref name="code"/>.</summary>
    public async Task<JsonElement> CallToFailAsync(string code, string tool, string arguments = "{}")
    {
        var result = await TryCallAsync(tool, arguments);
        Assert.True(result.IsError, Text(result));
        var detail = JsonElement.Parse(Text(result)).GetProperty("detail");
        Assert.Equal(code, detail.GetProperty("error").GetString());
        return detail;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _http.Dispose();
    }

    private async Task<CallToolResult> TryCallAsync(string tool, string arguments) => await Client.CallToolAsync(
        new CallToolRequestParams { Name = tool, Arguments = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(arguments) }, TestContext.Current.CancellationToken);

    private static string Text(CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;

    private sealed class InTurn(Uri[] replicas) : DelegatingHandler(new SocketsHttpHandler { ActivityHeadersPropagator = null })
    {
        private int _next = -1;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var replica = replicas[(int)((uint)Interlocked.Increment(ref _next) % replicas.Length)];
            request.RequestUri = new Uri(replica, request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
