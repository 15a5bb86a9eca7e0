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
    /// <summary>The newest turns that fit into so many characters; the last one always.</summary>
    internal IEnumerable<ChatTurn> Newest(int characters)
    {
        var first = Turns.Count - 1;
        for (var left = characters - Turns[first].Content.Length; first > 0 && (left -= Turns[first - 1].Content.Length) >= 0; first--)
        {
        }

        return Turns.Skip(first);
    }
}

/// <summary>A piece of an answer.</summary>
/// <param name="Provider">The id of the provider that answers.</param>
/// <param name="Model">The model that answers.</param>
/// <param name="Content">The text; empty where the piece only tells the usage.</param>
/// <param name="Usage">The tokens used, on the last piece, where the provider tells.</param>
public sealed record ChatDelta(string Provider, string Model, string Content, ChatUsage? Usage = null);

/// <summary>Tokens used, as the provider counts them.</summary>
/// <param name="PromptTokens">Of what was sent.</param>
/// <param name="CompletionTokens">Of the answer.</param>
public sealed record ChatUsage(int PromptTokens, int CompletionTokens)
{
    /// <summary>Of both.</summary>
    public int TotalTokens => PromptTokens + CompletionTokens;
}

/// <summary>No answer, or only half of one. The message is for people and holds nothing that the provider said.</summary>
public sealed class ChatFailedException(string message, bool isUnavailable) : Exception(message)
{
    /// <summary>Whether nobody could be asked; else somebody was asked and failed.</summary>
    public bool IsUnavailable { get; } = isUnavailable;
}
