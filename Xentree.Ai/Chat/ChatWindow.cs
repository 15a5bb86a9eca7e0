namespace Xentree.Ai;

/// <summary>How much of a conversation fits into a model.</summary>
internal static class ChatWindow
{
    /// <summary>The newest turns that fit into so many tokens beside what is always sent; the last one always.</summary>
    public static IReadOnlyList<ChatTurn> Newest(IReadOnlyList<ChatTurn> turns, int tokens, Func<string, int> count)
    {
        // As a rule everything fits, which is seen without counting.
        if (turns.Sum(turn => (long)TokenCount.AtMost(turn.Content) + TokenCount.OfATurn) <= tokens) return turns;

        var first = turns.Count - 1;
        for (var left = tokens - Of(turns[first]); first > 0 && (left -= Of(turns[first - 1])) >= 0; first--)
        {
        }

        return [.. turns.Skip(first)];

        int Of(ChatTurn turn) => count(turn.Content) + TokenCount.OfATurn;
    }

    /// <summary>How many tokens of the conversation a model is sent at most.</summary>
    public static int Room(Model model, AiOptions options, string systemPrompt) =>
        Math.Min(options.PromptTokens, model.PromptTokens) - TokenCount.AtMost(systemPrompt);

    /// <summary>Whether a model holds the last turn.</summary>
    public static bool Holds(Model model, ChatTurns turns, string systemPrompt)
    {
        var (last, room) = (turns.Turns[^1].Content, model.PromptTokens - TokenCount.AtMost(systemPrompt) - TokenCount.OfATurn);
        return TokenCount.AtMost(last) <= room || TokenCount.Of(last) <= room;
    }
}
