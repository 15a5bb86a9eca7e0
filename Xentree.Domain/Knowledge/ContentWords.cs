using System.Collections.Frozen;

namespace Xentree.Domain.Knowledge;

/// <summary>The words of an English text that say what it is about, so far reduced that forms of the same word meet.</summary>
public static class ContentWords
{
    private static readonly FrozenSet<string> Common =
        """
        a an the of and or to in on at by for with from as is are was were be been am do does did has have had it its this that these those
        i you he she we they me him her us them my your his our their what which who whom whose when where why how can could would should will
        may might must not no yes about into than then there here if so but please tell explain say says said mean means according document documents notes
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Endings = ["ing", "ies", "ied", "es", "ed", "s", "ly", "e", "y"];

    /// <summary>The stems of a text's words.</summary>
    /// <param name="text">The text.</param>
    /// <param name="baseForm">Knows irregular forms; null where nobody does.</param>
    public static HashSet<string> Of(string text, Func<string, string>? baseForm = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var stems = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[at]))
            {
                at++;
                continue;
            }

            var start = at;
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || (text[at] is '\'' or '’' or '-' && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1])))) at++;
            var word = text[start..at].ToLowerInvariant();
            if (!Common.Contains(word)) stems.Add(Stem(baseForm?.Invoke(word) ?? word));
        }

        return stems;
    }

    private static string Stem(string word)
    {
        foreach (var ending in Endings)
        {
            if (word.Length > ending.Length + 2 && word.EndsWith(ending, StringComparison.Ordinal)) return word[..^ending.Length];
        }

        return word;
    }
}
