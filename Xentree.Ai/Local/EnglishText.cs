using System.Collections.Frozen;

namespace Xentree.Ai.Local;

/// <summary>Whether a text is meant to be English: the rules would find nonsense in another language.</summary>
internal static class EnglishText
{
    private const int FewWords = 3;
    private const double LeastShare = 0.12;

    /// <summary>Common English words that are not also common words of another European language, as “a”, “me” and “was” are.</summary>
    private static readonly FrozenSet<string> Common =
        """
        the of and to is it you that he for are with his they i at be this have from or had by but what some we can were there when your how
        said she which their time if will way about many then them would like these her him has more could my than been who its now did get not
        very because people go went want need school today yesterday i'm don't it's good think know english really always every day friend friends
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>So few words that nothing can be said, or enough words that English uses all the time.</summary>
    public static bool IsLikely(string text)
    {
        var words = Tokens.WordsOf(text).ToList();
        return words.Count <= FewWords || words.Count(word => Common.Contains(word.Replace('’', '\''))) >= words.Count * LeastShare;
    }
}
