using Xentree.Ai;

namespace Xentree.Api.Schemas;

/// <summary>Tokens used, as the provider counts them; the provider <c>local</c> counts words and marks of punctuation.</summary>
public sealed record UsageResponse : IExample<UsageResponse>
{
    /// <summary>Tokens of what was sent.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Tokens of the answer.</summary>
    public required int CompletionTokens { get; init; }

    /// <summary>Both.</summary>
    public required int TotalTokens { get; init; }

    /// <inheritdoc/>
    public static UsageResponse Example { get; } = new() { PromptTokens = 118, CompletionTokens = 64, TotalTokens = 182 };

    internal static UsageResponse? Of(ChatUsage? usage) =>
        usage is null ? null : new() { PromptTokens = usage.PromptTokens, CompletionTokens = usage.CompletionTokens, TotalTokens = usage.TotalTokens };
}
