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

    /// <summary>How much of a conversation a provider is sent, in tokens, where its model could take more; the last turn always goes.</summary>
    [Range(500, 2_000_000)]
    public int PromptTokens { get; init; } = 16_000;

    /// <summary>How often a model may call tools, one after the other, before it must answer.</summary>
    [Range(0, 20)]
    public int ToolRounds { get; init; } = 4;

    /// <summary>After how many failures within 30 s, half of the calls at least, a provider is left alone.</summary>
    [Range(2, 1_000)]
    public int BreakerFailures { get; init; } = 5;

    /// <summary>For how long it is left alone; then one call tries it again.</summary>
    [Range(1, 3_600)]
    public int BreakerSeconds { get; init; } = 30;
}
