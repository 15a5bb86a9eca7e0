using Xentree.Ai.Local;
using Xentree.Domain.Conversations;

namespace Xentree.Ai;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role">Who says it.</param>
/// <param name="Content">What is said.</param>
public sealed record ChatTurn(MessageRole Role, string Content);

/// <summary>A conversation that waits for an answer.</summary>
/// <param name="Turns">The turns, oldest first; the last is the one to answer.</param>
/// <param name="UserLanguage">The language to explain in: a tag such as <c>hr</c> or <c>pt-BR</c>.</param>
public sealed record ChatTurns(IReadOnlyList<ChatTurn> Turns, string UserLanguage)
{
    /// <summary>What the model may look up on behalf of whoever asks; a provider without the capability <c>tools</c> answers without them.</summary>
    public IReadOnlyList<ChatTool> Tools { get; init; } = [];

    /// <summary>Whether an answer without tools is none: then only a provider that has them is asked.</summary>
    public bool NeedsTools { get; init; }

    /// <summary>
    /// Passages that the rules quote from; null where the documents were not asked. A language model has them among the turns.
    /// </summary>
    public IReadOnlyList<Passage>? Passages { get; init; }

    /// <summary>What a language model is told to do with the turns instead of tutoring; null for tutoring. Rules cannot do it, so only a model is asked.</summary>
    public string? Instruction { get; init; }

    /// <summary>What the answer is to be made of, and of nothing else; null for a conversation.</summary>
    public ChatSources? Sources { get; init; }

    /// <summary>Who is asked before tokens are spent, and told after; null where nobody counts.</summary>
    public ChatBudget? Budget { get; init; }
}

/// <summary>A piece of an answer.</summary>
/// <param name="Provider">The id of the provider that answers.</param>
/// <param name="Model">The model that answers.</param>
/// <param name="Content">The text; empty where the piece says that the provider is asked now, or tells the usage.</param>
/// <param name="Usage">The tokens used, on the last piece, where the provider tells.</param>
public sealed record ChatDelta(string Provider, string Model, string Content, ChatUsage? Usage = null);

/// <summary>Tokens used, as the provider counts them.</summary>
/// <param name="PromptTokens">Of what was sent.</param>
/// <param name="CompletionTokens">Of the answer.</param>
public sealed record ChatUsage(int PromptTokens, int CompletionTokens)
{
    /// <summary>Of both.</summary>
    public int TotalTokens => PromptTokens + CompletionTokens;

    /// <summary>The tokens of two requests.</summary>
    public static ChatUsage operator +(ChatUsage one, ChatUsage other) =>
        new(one.PromptTokens + other.PromptTokens, one.CompletionTokens + other.CompletionTokens);
}

/// <summary>No answer, or only half of one. The message is for people and holds nothing that the provider said.</summary>
public sealed class ChatFailedException(string message, bool isUnavailable) : Exception(message)
{
    /// <summary>Whether nobody could be asked; else somebody was asked and failed.</summary>
    public bool IsUnavailable { get; } = isUnavailable;
}
