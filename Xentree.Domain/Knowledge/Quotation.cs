using System.Text;

namespace Xentree.Domain.Knowledge;

/// <summary>
/// Checks quotes. A model that copies folds lines, and straightens or bends quotation marks: that much is forgiven, and what is shown is the
/// source's own text. A word that is not in the source is not.
/// </summary>
public static class Quotation
{
    /// <summary>A single word stands in nearly every text and shows nothing.</summary>
    private const int LeastWords = 2;

    /// <summary>The part of a source that a quote means, verbatim; null where the quote does not stand there, or is too little to show anything.</summary>
    public static string? Find(string source, string quote)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(quote);
        var (sought, _) = Folded(quote.Trim().Trim('…').Trim());
        var (text, places) = Folded(source);
        sought = sought.Trim();
        if (sought.Length == 0 || (Words(sought) < LeastWords && sought.Length < text.Trim().Length)) return null;

        for (var at = text.IndexOf(sought, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(sought, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + sought.Length;
            // “He is here” does not stand in “She is here”.
            if (Splits(text, at) || Splits(text, end)) continue;
            return source[places[at]..(places[end - 1] + 1)];
        }

        return null;
    }

    private static bool Splits(string text, int at) => at > 0 && at < text.Length && char.IsLetterOrDigit(text[at - 1]) && char.IsLetterOrDigit(text[at]);

    private static int Words(string text)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            // In Chinese or Japanese each sign counts: there are no blanks between words.
            if (char.IsLetterOrDigit(text[i]) && (i == 0 || !char.IsLetterOrDigit(text[i - 1]) || text[i] >= '\u3040')) count++;
        }

        return count;
    }

    /// <summary>The text with one kind of blank, quotation mark and dash, and where in the text each of its characters stands.</summary>
    private static (string Text, List<int> Places) Folded(string text)
    {
        var (folded, places) = (new StringBuilder(text.Length), new List<int>(text.Length));
        for (var i = 0; i < text.Length; i++)
        {
            var sign = text[i] switch
            {
                '“' or '”' or '„' or '«' or '»' => '"',
                '‘' or '’' or '‚' => '\'',
                '‐' or '‑' or '–' or '—' or '−' => '-',
                _ when char.IsWhiteSpace(text[i]) => ' ',
                _ => text[i],
            };
            // A soft hyphen is not seen.
            if (sign == '\u00ad' || (sign == ' ' && folded.Length > 0 && folded[^1] == ' ')) continue;

            folded.Append(sign);
            places.Add(i);
        }

        return (folded.ToString(), places);
    }
}
