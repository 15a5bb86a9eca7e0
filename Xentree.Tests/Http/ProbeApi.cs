using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Xentree.Api.Http.Errors;
using Xentree.Api.Http.ETags;
using Xentree.Api.Http.Idempotency;

namespace Xentree.Tests.Http;

/// <summary>The API with a few operations more, through which tests see the conventions that every operation shares.</summary>
public class ProbeApi(EmbeddedServers servers) : ApiServer(servers)
{
    public const string Secret = "select password from users where name = 'ana'";

    /// <summary>What the counting operation waits for, by the key of the run.</summary>
    public ConcurrentDictionary<string, TaskCompletionSource> Gates { get; } = [];

    /// <summary>How often the counting operation ran, by the key of the run.</summary>
    public ConcurrentDictionary<string, int> Runs { get; } = [];

    protected override void Map(WebApplication app)
    {
        app.MapGet("/test/fault", string () => throw new InvalidOperationException(Secret)).AllowAnonymous();
        app.MapGet("/test/failure", string () => throw Failures.SlugTaken.AsException()).AllowAnonymous();
        app.MapGet("/test/number", (int n) => TypedResults.Ok(new Numbered(n))).AllowAnonymous();
        app.MapGet("/test/slow", async Task<Ok> (CancellationToken cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return TypedResults.Ok();
        }).AllowAnonymous().WithRequestTimeout(TimeSpan.FromMilliseconds(200));
        app.MapGet("/test/tagged", () => new Tagged<Numbered>(new Numbered(7))).AllowAnonymous();
        app.MapPost("/test/echo", (Nested body) => TypedResults.Ok(body)).AllowAnonymous();
        app.MapPost("/test/form", ([FromForm] string text) => TypedResults.Ok(text)).AllowAnonymous().DisableAntiforgery();
        app.MapPost("/test/file", async (IFormFile file, [FromForm] string title, [FromQuery] string run) =>
        {
            Run(run);
            using var reader = new StreamReader(file.OpenReadStream());
            return TypedResults.Ok(new Uploaded(title, await reader.ReadToEndAsync()));
        }).AllowAnonymous().DisableAntiforgery().AcceptsIdempotencyKey();
        app.MapPost("/test/run", async Task<IResult> (Nested body, [FromQuery] string run, [FromQuery] int? status, CancellationToken cancellation) =>
        {
            var count = Run(run);
            if (Gates.TryGetValue(run, out var gate)) await gate.Task.WaitAsync(cancellation);
            return status is { } failed ? new Failure(failed, "probe", "As asked.") : TypedResults.Created($"/test/{count}", new Numbered(count));
        }).AllowAnonymous().AcceptsIdempotencyKey();
    }

    private int Run(string run) => Runs.AddOrUpdate(run, 1, (_, count) => count + 1);
}

public sealed record Numbered(int Number);

public sealed record Uploaded(string Title, string Content);

public sealed record Nested
{
    public string? Name { get; init; }

    public Nested? Inner { get; init; }
}
