namespace Xentree.Ai;

/// <summary>A provider as the configuration means it.</summary>
internal sealed record Provider
{
    public const string LocalId = "local";

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required ProviderKind Kind { get; init; }

    public required Uri? Address { get; init; }

    public required string? Key { get; init; }

    public required IReadOnlyList<Model> Models { get; init; }

    public required Model DefaultModel { get; init; }

    public required int Priority { get; init; }

    public required bool HasTools { get; init; }

    public required TimeSpan Silence { get; init; }

    public required int Retries { get; init; }

    public required int MaxConcurrent { get; init; }

    public required int MaxWaiting { get; init; }

    /// <summary>Whether what people say leaves the API for it. Then it costs tokens of their budget, and secrets are taken out before.</summary>
    public bool IsHosted => Kind != ProviderKind.Local;

    /// <summary>Whether it has what it needs to be asked.</summary>
    public bool IsConfigured => !Kind.NeedsKey || Key is not null;

    /// <summary>What it can do.</summary>
    public IReadOnlyList<string> Capabilities =>
        IsHosted ? ["chat", "streaming", "hosted", .. HasTools ? ["tools"] : Array.Empty<string>()] : ["chat", "streaming", "corrections", "exercises"];
}

/// <summary>A model of a provider.</summary>
/// <param name="Name">The name by which the provider knows it.</param>
/// <param name="ContextTokens">How many tokens it can hold, prompt and answer together.</param>
/// <param name="AnswerTokens">How long an answer may be.</param>
/// <param name="PromptPrice">The price of a million tokens sent, in millionths of the currency unit.</param>
/// <param name="CompletionPrice">The price of a million tokens of an answer.</param>
internal sealed record Model(string Name, int ContextTokens, int AnswerTokens, long PromptPrice, long CompletionPrice)
{
    private const long Million = 1_000_000;

    /// <summary>How many tokens a prompt may have.</summary>
    public int PromptTokens => ContextTokens - AnswerTokens;

    /// <summary>What a call cost, in millionths of the currency unit, rounded up.</summary>
    public long Cost(ChatUsage usage) => (long)Int128.Min(
        long.MaxValue, (((Int128)usage.PromptTokens * PromptPrice) + ((Int128)usage.CompletionTokens * CompletionPrice) + Million - 1) / Million);
}
