namespace Xentree.Ai;

/// <summary>Settings of one provider (section <c>AI:Providers:&lt;id&gt;</c>).</summary>
public sealed class ProviderOptions
{
    /// <summary>Whether the provider is there at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// What it speaks: <c>local</c>, <c>openai</c>, <c>azure-openai</c>, <c>openai-compatible</c>, <c>anthropic</c> or <c>ollama</c>. The
    /// id where that is one of them.
    /// </summary>
    public string? Kind { get; init; }

    /// <summary>The name to show; the id when absent.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Its address: the one below which <c>chat/completions</c> lies, such as <c>http://127.0.0.1:8080/v1</c>, for
    /// <c>openai-compatible</c>; the resource's, such as <c>https://mine.openai.azure.com</c>, for <c>azure-openai</c>; both need it.
    /// </summary>
    public string? BaseUrl { get; init; }

    /// <summary>The secret. It comes from the environment or from user secrets, never from a file of the repository.</summary>
    public string? Key { get; init; }

    /// <summary>The models that may be used, each a name or a section; at Azure they are the names of deployments.</summary>
    public ModelOptions[] Models { get; init; } = [];

    /// <summary>The model that is used; the first of <see cref="Models"/> when absent.</summary>
    public string? DefaultModel { get; init; }

    /// <summary><c>auto</c> asks the lowest first; among equals the cheapest.</summary>
    public int? Priority { get; init; }

    /// <summary>Whether its models can call tools; absent, so they can at OpenAI, Azure and Anthropic, and not elsewhere.</summary>
    public bool? Tools { get; init; }

    /// <summary>For how long it may say nothing; <see cref="AiOptions.SilenceSeconds"/> when absent.</summary>
    public int? SilenceSeconds { get; init; }

    /// <summary>How often a call is tried again that failed before anything came and is safe to repeat.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>How many answers it may make at once, for each replica of the API.</summary>
    public int MaxConcurrent { get; init; } = 1_000;

    /// <summary>How many more may wait for their turn.</summary>
    public int MaxWaiting { get; init; } = 100;
}
