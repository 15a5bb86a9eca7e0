using System.Text;

namespace Xentree.Worker.Knowledge.Formats;

/// <summary>Text as it is stored: without what no reader sees, and what PostgreSQL refuses.</summary>
internal static class CleanText
{
    public static string Of(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case '\n':
                    while (clean.Length > 0 && clean[^1] == ' ') clean.Length--;
                    clean.Append('\n');
                    break;
                case '\r' when i + 1 < text.Length && text[i + 1] == '\n':
                case '\u00ad' or '\u200b' or '\ufeff':
                    break;
                // What typesetters join, readers search apart.
                case 'ﬀ': clean.Append("ff"); break;
                case 'ﬁ': clean.Append("fi"); break;
                case 'ﬂ': clean.Append("fl"); break;
                case 'ﬃ': clean.Append("ffi"); break;
                case 'ﬄ': clean.Append("ffl"); break;
                case var blank when char.IsWhiteSpace(blank) || char.IsControl(blank):
                    if (clean.Length > 0 && clean[^1] is not (' ' or '\n')) clean.Append(' ');
                    break;
                case var high when char.IsHighSurrogate(high):
                    if (i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) clean.Append(c).Append(text[++i]);
                    break;
                case var low when char.IsLowSurrogate(low):
                    break;
                default:
                    clean.Append(c);
                    break;
            }
        }

        return clean.ToString().Trim();
    }
}
