using Microsoft.ML.Tokenizers;

namespace Xentree.Ai;

/// <summary>
/// Counts tokens as OpenAI's models do (o200k). Other models count a little differently, so what must not be exceeded is counted with room
/// to spare; what a provider itself counted is always preferred.
/// </summary>
internal static class TokenCount
{
    /// <summary>What a turn costs beside its text.</summary>
    public const int OfATurn = 4;

    /// <summary>A word longer than this is no word: its tokens are bounded by its bytes, because merging it would take too long.</summary>
    private const int LongestRun = 1_000;

    private static readonly Lazy<TiktokenTokenizer> Tokenizer = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>The tokens of a text.</summary>
    public static int Of(string text) => HasLongRun(text) ? AtMost(text) : Tokenizer.Value.CountTokens(text);

    /// <summary>More than any tokenizer makes of a text, and found without one: its bytes.</summary>
    public static int AtMost(string text) => System.Text.Encoding.UTF8.GetByteCount(text);

    private static bool HasLongRun(string text)
    {
        for (int i = 0, run = 0; i < text.Length; i++)
        {
            run = char.IsWhiteSpace(text[i]) == (i > 0 && char.IsWhiteSpace(text[i - 1])) ? run + 1 : 1;
            if (run > LongestRun) return true;
        }

        return false;
    }
}
