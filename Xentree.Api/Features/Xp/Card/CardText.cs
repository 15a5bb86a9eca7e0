using System.Globalization;
using System.Text;
using System.Xml;

namespace Xentree.Api.Features.Xp.Card;

/// <summary>
/// Text that people chose, made fit for a picture: what XML cannot hold and what turns the text around it is left out, and what is too
/// long is cut between characters as people see them. Escaping is the XML writer's.
/// </summary>
internal static class CardText
{
    private const string Ellipsis = "…";
    private const int MaxRunesOfCharacter = 12;
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>The text without what a picture cannot show; blanks are single.</summary>
    public static string Clean(string? text)
    {
        var clean = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (clean.Length > 0 && clean[^1] != ' ') clean.Append(' ');
            }
            else if (CanBeShown(rune))
            {
                clean.Append(rune);
            }
        }

        return clean.ToString().TrimEnd();
    }

    /// <summary>As much of a text as fits into a width, with an ellipsis where that is not all of it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The width, in pixels.</param>
    /// <param name="fontSize">The size of the font, in pixels.</param>
    public static string Fit(string text, double width, double fontSize)
    {
        if (WidthOf(text) * fontSize <= width) return text;

        var (fitting, left) = (new StringBuilder(), (width / fontSize) - WidthOf(Ellipsis));
        foreach (var character in Characters(text))
        {
            left -= WidthOfCharacter(character);
            if (left < 0) break;
            fitting.Append(character);
        }

        return fitting.ToString().TrimEnd() + Ellipsis;
    }

    /// <summary>About how wide a bold text is, in font sizes: fonts differ, so it is reckoned as in a wide one.</summary>
    public static double WidthOf(string text) => Characters(text).Sum(WidthOfCharacter);

    /// <summary>Whether a text runs from right to left: its first letter decides.</summary>
    public static bool IsRightToLeft(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC) or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF)) return true;
            if (Rune.IsLetter(rune)) return false;
        }

        return false;
    }

    private static bool CanBeShown(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        // Joiners shape words and emoji, tags spell flags; all others of this kind are unseen, and some turn what follows around.
        UnicodeCategory.Format => rune.Value is ZeroWidthJoiner or ZeroWidthNonJoiner or (>= 0xE0020 and <= 0xE007F),
        _ => rune.Value > char.MaxValue || XmlConvert.IsXmlChar((char)rune.Value),
    };

    private static IEnumerable<string> Characters(string text)
    {
        for (var characters = StringInfo.GetTextElementEnumerator(text); characters.MoveNext();)
        {
            // One with hundreds of marks would cover the whole card.
            var character = characters.GetTextElement();
            yield return character.EnumerateRunes().Count() <= MaxRunesOfCharacter
                ? character
                : string.Concat(character.EnumerateRunes().Take(MaxRunesOfCharacter).Select(rune => rune.ToString()));
        }
    }

    private static double WidthOfCharacter(string character) => character.EnumerateRunes().Max(WidthOf);

    private static double WidthOf(Rune rune) => rune.Value switch
    {
        ' ' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or 'i' or 'j' or 'l' or 'I' or 'f' or 't' or 'r' or '-' or '(' or ')' => 0.44,
        'm' or 'w' or 'M' or 'W' or '@' or '%' => 1.06,
        // East Asian scripts and emoji.
        (>= 0x1100 and <= 0x115F) or (>= 0x2600 and <= 0x27BF) or (>= 0x2E80 and <= 0xD7FF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFFE6) => 1.05,
        >= 0x1F000 => 1.35,
        _ => Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
            UnicodeCategory.UppercaseLetter => 0.8,
            _ => 0.7,
        },
    };
}
