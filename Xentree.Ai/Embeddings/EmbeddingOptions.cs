namespace Xentree.Ai;

/// <summary>Settings of the model that takes the meaning of texts (section <c>AI:Embeddings</c>).</summary>
public sealed class EmbeddingOptions
{
    /// <summary>
    /// <c>local</c>: all-MiniLM-L6-v2, in process, for English. <c>openai</c> and <c>openai-compatible</c>: a hosted model.
    /// <c>none</c>: no model; documents are then found by their words alone.
    /// </summary>
    public string Kind { get; init; } = "local";

    /// <summary>The hosted model. With another model, documents are embedded again in the background.</summary>
    public string? Model { get; init; }

    /// <summary>The address below which <c>embeddings</c> lies. Required for <c>openai-compatible</c>.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The secret. It comes from the environment or from user secrets, never from a file of the repository.</summary>
    public string? Key { get; init; }

    /// <summary>How many dimensions to ask a hosted model for; absent, as many as it has.</summary>
    public int? Dimensions { get; init; }

    /// <summary>How many threads the local model may use; 0 for half of the processors.</summary>
    public int Threads { get; init; }

    /// <summary>How long a hosted model may take, in seconds.</summary>
    public int TimeoutSeconds { get; init; } = 30;

    internal IEnumerable<string> Problems()
    {
        const string section = $"{AiOptions.Section}:Embeddings";
        if (Kind is not ("local" or "openai" or "openai-compatible" or "none")) yield return $"{section}: {Kind} is no kind. Kinds: local, openai, openai-compatible, none.";
        if (Kind is "openai" or "openai-compatible" && string.IsNullOrWhiteSpace(Model)) yield return $"{section}: Model is missing.";
        if (Kind is "openai" && string.IsNullOrWhiteSpace(Key)) yield return $"{section}: Key is missing.";
        if (Kind is "openai-compatible" && (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")))
            yield return $"{section}: BaseUrl must be an http or https address, such as http://127.0.0.1:8080/v1.";
        if (Dimensions is < 1 or > 16_384) yield return $"{section}: Dimensions must be from 1 to 16384.";
        if (Threads is < 0 or > 1_024) yield return $"{section}: Threads must be from 0 to 1024.";
        if (TimeoutSeconds is < 1 or > 600) yield return $"{section}: TimeoutSeconds must be from 1 to 600.";
    }
}
