using System.Text.RegularExpressions;

namespace Xentree.Ai.Grammar;

/// <summary>Which of Harper's findings are errors, and how they are told to a learner.</summary>
internal static partial class HarperLints
{
    private const string Spelling = "Spelling";

    /// <summary>Advice to writers who know the language: nothing in it is wrong.</summary>
    private static readonly string[] Advice = ["Readability", "Style", "Enhancement", "Regionalism", "Redundancy"];

    /// <summary>Leaves out advice, words that Harper alone does not know, and names.</summary>
    public static IEnumerable<Correction> WorthTelling(string text, IEnumerable<HarperLint> lints) =>
        from lint in lints
        where lint.Offset >= 0 && lint.Length > 0 && lint.Offset + lint.Length <= text.Length
        where !Advice.Contains(lint.Category)
        let found = text.Substring(lint.Offset, lint.Length)
        where lint.Category != Spelling || !(lint.Known || IsName(text, lint.Offset, found))
        select new Correction(
            lint.Offset,
            lint.Length,
            found,
            [.. lint.Replacements.Where(replacement => replacement != found)],
            lint.Category == Spelling ? "Spelling" : Words.Replace(lint.Category, " $1").Trim(),
            lint.Category == Spelling ? "The dictionary does not have this word." : lint.Message);

    /// <summary>
    /// A capital where no sentence begins, in all of the word, or beside another name; what holds a letter that English has not got is a name
    /// or a word of another language, and what holds a digit is no word.
    /// </summary>
    private static bool IsName(string text, int offset, string found)
    {
        if (found.Any(c => char.IsDigit(c) || (char.IsLetter(c) && !char.IsAscii(c)))) return true;
        if (!char.IsUpper(found[0])) return false;
        return found.Length > 1 && found.All(c => !char.IsLower(c))
            || !IsSentenceStart(text, offset)
            || FollowedByName.IsMatch(text.AsSpan(offset + found.Length));
    }

    // Nothing but marks, spaces and pictures between the end of a sentence and the word.
    private static bool IsSentenceStart(string text, int offset)
    {
        for (var i = offset - 1; i >= 0 && !char.IsLetterOrDigit(text[i]); i--)
        {
            if (text[i] is '.' or '!' or '?' or '…' or ':' or '\n') return true;
            if (i == 0) return true;
        }

        return offset == 0;
    }

    [GeneratedRegex(@"(?<=\p{Ll})(\p{Lu})", RegexOptions.CultureInvariant)]
    private static partial Regex Words { get; }

    [GeneratedRegex(@"^\s(?:and\s|or\s)?(?!I\b)\p{Lu}\p{Ll}", RegexOptions.CultureInvariant)]
    private static partial Regex FollowedByName { get; }
}
