using System.ComponentModel.DataAnnotations;

namespace Xentree.Ai;

/// <summary>Settings of the AI providers (section <c>AI</c>).</summary>
public sealed class AiOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "AI";

    /// <summary>The providers by id. The provider <c>local</c> is there without being named; naming it changes it or switches it off.</summary>
    public Dictionary<string, ProviderOptions> Providers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What takes the meaning of texts.</summary>
    public EmbeddingOptions Embeddings { get; init; } = new();

    /// <summary>For how long a provider may say nothing, before its first word and between two, until it counts as failed.</summary>
    [Range(1, 600)]
    public int SilenceSeconds { get; init; } = 30;

    /// <summary>How long a whole answer may take.</summary>
    [Range(1, 3_600)]
    public int AnswerSeconds { get; init; } = 300;

    /// <summary>How much of a conversation a provider is sent: the newest turns that fit; the last turn always goes.</summary>
    [Range(1_000, 4_000_000)]
    public int PromptCharacters { get; init; } = 64_000;
}

/// <summary>Settings of one provider (section <c>AI:Providers:&lt;id&gt;</c>).</summary>
public sealed class ProviderOptions
{
    /// <summary>Whether the provider is there at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What it speaks: <c>local</c>, <c>openai</c> or <c>openai-compatible</c>. The id where that is one of them.</summary>
    public string? Kind { get; init; }

    /// <summary>The name to show; the id when absent.</summary>
    public string? Name { get; init; }

    /// <summary>The address below which <c>chat/completions</c> lies, such as <c>http://127.0.0.1:8080/v1</c>. Required for <c>openai-compatible</c>.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The secret. It comes from the environment or from user secrets, never from a file of the repository.</summary>
    public string? Key { get; init; }

    /// <summary>The models that may be used.</summary>
    public string[] Models { get; init; } = [];

    /// <summary>The model that is used; the first of <see cref="Models"/> when absent.</summary>
    public string? DefaultModel { get; init; }

    /// <summary><c>auto</c> asks the lowest first.</summary>
    public int? Priority { get; init; }
}
