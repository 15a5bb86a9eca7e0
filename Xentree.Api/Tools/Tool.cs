using System.Text.Json;
using Xentree.Api.Auth;

namespace Xentree.Api.Tools;

/// <summary>Something that an assistant may look up on behalf of a caller: a tutor's model while it answers, or a learner's own assistant.</summary>
/// <param name="Name">The name, of a–z, 0–9 and _.</param>
/// <param name="Description">When to use it, for a model.</param>
/// <param name="Scope">What an API key needs for it, as for the operation that tells the same.</param>
/// <param name="Parameters">A JSON schema of type <c>object</c>.</param>
/// <param name="RunAsync">Runs it with services of the caller's request. Arguments are made up by a model and need not follow the schema.</param>
internal sealed record Tool(
    string Name,
    string Description,
    string Scope,
    JsonElement Parameters,
    Func<IServiceProvider, Caller, JsonElement, CancellationToken, Task<string>> RunAsync)
{
    /// <summary>A tool that a service of the request runs; what it returns goes out as JSON.</summary>
    public static Tool Of<TService, TResult>(
        string name, string description, string scope, string parameters, Func<TService, Caller, JsonElement, CancellationToken, Task<TResult>> run)
        where TService : notnull => new(
            name,
            description,
            scope,
            JsonElement.Parse(parameters),
            async (services, caller, arguments, cancellation) =>
                JsonSerializer.Serialize(await run(services.GetRequiredService<TService>(), caller, arguments, cancellation), ApiJson.Options));
}
