using System.Text.RegularExpressions;
using Xentree.Domain.Knowledge;

namespace Xentree.Worker.Knowledge.Formats;

/// <summary>Plain text: paragraphs between blank lines, and what looks like a heading to a reader.</summary>
internal static partial class PlainText
{
    /// <summary>A line as long as this was broken for its width; a shorter one ends where its writer wanted.</summary>
    private const int Wrapped = 45;
    private const int LongestHeading = 80;

    public static IEnumerable<TextBlock> Read(string text)
    {
        var lines = new List<string>();
        using var reader = new StringReader(text);
        while (true)
        {
            var line = reader.ReadLine();
            if (!string.IsNullOrWhiteSpace(line))
            {
                lines.Add(line.Trim());
                continue;
            }

            if (lines.Count > 0) yield return Block(lines);
            lines.Clear();
            if (line is null) yield break;
        }
    }

    private static TextBlock Block(List<string> lines)
    {
        if (lines is [{ Length: <= LongestHeading } only] && IsHeading(only)) return new(only, Level: 1);

        var text = new System.Text.StringBuilder(lines[0]);
        for (var i = 1; i < lines.Count; i++) text.Append(lines[i - 1].Length >= Wrapped ? ' ' : '\n').Append(lines[i]);
        return new(text.ToString());
    }

    private static bool IsHeading(string line) =>
        Numbered.IsMatch(line) || (line.Count(char.IsUpper) >= 3 && !line.Any(char.IsLower) && line[^1] is not (',' or ';' or ':'));

    [GeneratedRegex(@"\A(chapter|part|book|section|letter|act|scene|appendix)\s+([0-9]+|[ivxlcdm]+)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Numbered { get; }
}
