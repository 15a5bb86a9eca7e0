using System.Text;

namespace Xentree.Data.Search;

/// <summary>What is near a word that somebody typed: its other endings, and what is one or two slips of the keys away.</summary>
internal static class SearchText
{
    /// <summary>The shortest word that others are compared with.</summary>
    public const int MinWord = 3;

    /// <summary>The longest.</summary>
    public const int MaxWord = 40;

    private const int MaxNear = 10;
    private const int LongTerm = 6;

    /// <summary>Of words that resemble a term, those that may be meant, the nearest first. All are without accents.</summary>
    public static IEnumerable<KnownWord> Near(string term, IEnumerable<KnownWord> words) =>
        words.Select(word => (Word: word, Slips: word.Folded.StartsWith(term, StringComparison.Ordinal) ? 0 : Slips(term, word.Folded)))
            .Where(near => near.Slips <= AllowedSlips(term))
            .OrderBy(near => near.Slips).ThenBy(near => near.Word.Folded.Length).ThenBy(near => near.Word.Word, StringComparer.Ordinal)
            .Take(MaxNear)
            .Select(near => near.Word);

    /// <summary>A word as a literal of a <c>tsquery</c>.</summary>
    public static string Literal(string word) =>
        new StringBuilder(word).Replace(@"\", @"\\").Replace("'", "''").Insert(0, '\'').Append('\'').ToString();

    /// <summary>
    /// SQL for a text as it is indexed. Learners write about code too: PostgreSQL passes over what it takes for a tag, and over a script as a whole.
    /// </summary>
    public static string Indexed(string column) => $"translate({column}, '<', ' ')";

    /// <summary>Whether a query asks for exactly what it says: it quotes, it excludes, or it offers a choice.</summary>
    public static bool IsExact(string query) =>
        query.Contains('"', StringComparison.Ordinal)
        || query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Any(word => word.StartsWith('-') || word.Equals("or", StringComparison.OrdinalIgnoreCase));

    private static int AllowedSlips(string term) => term.Length switch { < 4 => 0, < 8 => 1, _ => 2 };

    // The optimal string alignment distance: a letter added, dropped or replaced, or two neighbours swapped, is one slip. A long term may
    // also be the beginning of a word, whose ending is then no slip; many words begin like a short one.
    private static int Slips(string a, string b)
    {
        var (before, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, last, row) = (last, row, before);
        }

        return a.Length < LongTerm ? last[b.Length] : last.Min();
    }
}

/// <summary>A word that occurs in what somebody may find.</summary>
/// <param name="Word">The word.</param>
/// <param name="Folded">The word without accents.</param>
/// <param name="Stem">What it is in the reader's language, as a <c>tsquery</c>; empty where that passes over it.</param>
internal sealed record KnownWord(string Word, string Folded, string Stem);
