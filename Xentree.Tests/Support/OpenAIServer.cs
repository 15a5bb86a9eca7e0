using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Xentree.Tests;

/// <summary>A server on the loopback that speaks OpenAI's wire format, and does what a test wants it to.</summary>
public sealed class OpenAIServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OpenAIServer(WebApplication app) => _app = app;

    /// <summary>What an answer is like.</summary>
    public Func<OpenAICall, Task> Behaviour { get; set; } = Usual;

    /// <summary>A whole answer.</summary>
    public static Func<OpenAICall, Task> Usual { get; } = call => call.AnswerAsync("Hello ", "from ", "the ", "model.");

    /// <summary>What was asked, oldest first.</summary>
    public ConcurrentQueue<OpenAICall> Calls { get; } = [];

    /// <summary>The address for <c>BaseUrl</c>.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1";

    public static async Task<OpenAIServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new OpenAIServer(builder.Build());
        server._app.MapPost("/v1/chat/completions", async (HttpContext http, JsonElement request) =>
        {
            var call = new OpenAICall(http, request);
            server.Calls.Enqueue(call);
            await server.Behaviour(call);
        });
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>One request to <see cref="OpenAIServer"/>.</summary>
public sealed class OpenAICall(HttpContext http, JsonElement request)
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was asked.</summary>
    public JsonElement Request { get; } = request;

    /// <summary>The key that was sent.</summary>
    public string? Authorization { get; } = http.Request.Headers.Authorization;

    /// <summary>Ends when this server saw the caller go.</summary>
    public Task Gone => _gone.Task;

    /// <summary>The turns that were sent, as role and content.</summary>
    public (string Role, string Content)[] Messages => [.. Request.GetProperty("messages").EnumerateArray().Select(m => (m.GetProperty("role").GetString()!, Text(m.GetProperty("content"))))];

    public async Task AnswerAsync(params string[] words)
    {
        await SayAsync(words);
        await ChunkAsync(new { choices = new[] { new { index = 0, delta = new { }, finish_reason = "stop" } } });
        await ChunkAsync(new { choices = Array.Empty<object>(), usage = new { prompt_tokens = 11, completion_tokens = 7, total_tokens = 18 } });
        await http.Response.WriteAsync("data: [DONE]\n\n");
    }

    /// <summary>Begins an answer and does not end it.</summary>
    public async Task SayAsync(params string[] words)
    {
        if (!http.Response.HasStarted) http.Response.ContentType = "text/event-stream";
        foreach (var word in words) await ChunkAsync(new { choices = new[] { new { index = 0, delta = new { role = "assistant", content = word } } } });
    }

    public async Task FailAsync(int status, string message)
    {
        http.Response.StatusCode = status;
        await http.Response.WriteAsJsonAsync(new { error = new { message, type = "error" } });
    }

    /// <summary>Cuts the connection.</summary>
    public void Cut() => http.Abort();

    /// <summary>Says nothing more until the caller goes.</summary>
    public async Task WaitUntilGoneAsync()
    {
        await using var registration = http.RequestAborted.Register(() => _gone.TrySetResult());
        await _gone.Task;
    }

    private async Task ChunkAsync(object fields)
    {
        var chunk = JsonSerializer.SerializeToNode(fields)!.AsObject();
        chunk["id"] = "chatcmpl-1";
        chunk["object"] = "chat.completion.chunk";
        chunk["created"] = 1_772_000_000;
        chunk["model"] = Request.GetProperty("model").GetString();
        await http.Response.WriteAsync($"data: {chunk.ToJsonString()}\n\n");
        await http.Response.Body.FlushAsync();
    }

    private static string Text(JsonElement content) =>
        content.ValueKind == JsonValueKind.String ? content.GetString()! : string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()));
}
