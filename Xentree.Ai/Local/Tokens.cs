using System.Text.RegularExpressions;

namespace Xentree.Ai.Local;

/// <summary>How <c>rules-1</c> counts: a word is a token, and so is a mark of punctuation.</summary>
internal static partial class Tokens
{
    public static int Count(string text) => Token.Count(text);

    public static int Words(string text) => Word.Count(text);

    public static IEnumerable<string> WordsOf(string text) => Word.Matches(text).Select(word => word.Value);

    [GeneratedRegex(@"\w+|[^\w\s]", RegexOptions.CultureInvariant)]
    private static partial Regex Token { get; }

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:['’\-][\p{L}\p{N}]+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Word { get; }
}
