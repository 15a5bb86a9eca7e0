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

/// <summary>A server on the loopback that speaks a provider's wire format, and does what a test wants it to.</summary>
public sealed class WireServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WireServer(WebApplication app) => _app = app;

    /// <summary>What an answer is like.</summary>
    public Func<WireCall, Task> Behaviour { get; set; } = call => call.AnswerAsync("Hello ", "there.");

    /// <summary>What was asked, oldest first.</summary>
    public ConcurrentQueue<WireCall> Calls { get; } = [];

    /// <summary>The address of the server.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<WireServer> StartAsync(Wire wire)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new WireServer(builder.Build());
        server._app.Run(async http =>
        {
            var call = new WireCall(http, wire, await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body));
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

/// <summary>One request to a <see cref="WireServer"/>.</summary>
public sealed class WireCall(HttpContext http, Wire wire, JsonElement request)
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was asked.</summary>
    public JsonElement Request { get; } = request;

    /// <summary>The path and the query.</summary>
    public string Path { get; } = http.Request.Path + http.Request.QueryString;

    /// <summary>Every header.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; } = http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Ends when this server saw the caller go.</summary>
    public Task Gone => _gone.Task;

    public async Task AnswerAsync(params string[] words)
    {
        await SayAsync(words);
        await RawAsync(wire.End(Model));
    }

    /// <summary>Begins an answer and does not end it.</summary>
    public async Task SayAsync(params string[] words)
    {
        await BeginAsync();
        foreach (var word in words) await RawAsync(wire.Word(Model, word));
    }

    /// <summary>Asks for a tool.</summary>
    public async Task CallToolAsync(string name, string arguments)
    {
        await BeginAsync();
        await RawAsync(wire.Tool(Model, name, arguments));
    }

    public async Task FailAsync(int status, string message, string? retryAfter = null)
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null) http.Response.Headers.RetryAfter = retryAfter;
        await http.Response.WriteAsJsonAsync(wire.Error(message));
    }

    /// <summary>Writes what may be no part of the format.</summary>
    public async Task RawAsync(string text)
    {
        if (!http.Response.HasStarted) http.Response.ContentType = wire.MediaType;
        await http.Response.WriteAsync(text);
        await http.Response.Body.FlushAsync();
    }

    /// <summary>Cuts the connection.</summary>
    public void Cut() => http.Abort();

    /// <summary>Says nothing more until the caller goes.</summary>
    public async Task WaitUntilGoneAsync()
    {
        await using var registration = http.RequestAborted.Register(() => _gone.TrySetResult());
        await _gone.Task;
    }

    private string Model => Request.TryGetProperty("model", out var model) ? model.GetString()! : "deployed";

    private Task BeginAsync() => http.Response.HasStarted ? Task.CompletedTask : RawAsync(wire.Begin(Model));
}
