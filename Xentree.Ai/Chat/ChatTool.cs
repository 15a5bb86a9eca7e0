using System.Text.Json;

namespace Xentree.Ai;

/// <summary>Something that a model may look up while it answers, bound to whoever asks: it can do no more than they may.</summary>
/// <param name="Name">The name, of a–z, 0–9 and _.</param>
/// <param name="Description">When to use it, for the model.</param>
/// <param name="Parameters">A JSON schema of type <c>object</c>.</param>
/// <param name="RunAsync">Runs it with arguments that the model made up, which need not follow the schema. A failed answer may be begun anew, so it must bear repeating.</param>
public sealed record ChatTool(string Name, string Description, JsonElement Parameters, Func<JsonElement, CancellationToken, Task<string>> RunAsync);
