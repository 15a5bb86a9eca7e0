using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Xentree.Domain.Knowledge;

namespace Xentree.Worker.Knowledge.Formats;

/// <summary>HTML: what a reader sees of it, without what leads to other pages.</summary>
internal static class HtmlText
{
    private static readonly HashSet<string> Unseen = new(["script", "style", "noscript", "template", "svg", "math", "iframe", "object", "head", "nav", "select", "button"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Inline = new(
        ["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"],
        StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<TextBlock> Read(string html)
    {
        using var document = new HtmlParser().ParseDocument(html);
        var (text, level) = (new StringBuilder(), 0);

        // By steps and not by recursion: elements may be nested as deep as their writer likes.
        for (INode? node = document.DocumentElement; node is not null;)
        {
            if (node is IText words)
            {
                text.Append(IsPreformatted(node) ? words.Data : OneLine(words.Data, text));
            }
            else if (node is IElement element && !Unseen.Contains(element.LocalName))
            {
                if (Cell(element)) text.Append(text.Length > 0 ? " | " : "");
                else if (element.LocalName == "br") text.Append('\n');
                else if (!Inline.Contains(element.LocalName))
                {
                    if (Flush() is { } block) yield return block;
                    if (element.LocalName is ['h', >= '1' and <= '6']) level = element.LocalName[1] - '0';
                }

                if (node.FirstChild is { } child)
                {
                    node = child;
                    continue;
                }
            }

            while (node is not null && node.NextSibling is null)
            {
                node = node.Parent;
                if (node is IElement ended && !Inline.Contains(ended.LocalName) && !Cell(ended) && Flush() is { } block) yield return block;
            }

            node = node?.NextSibling;
        }

        if (Flush() is { } last) yield return last;

        TextBlock? Flush()
        {
            var block = new TextBlock(text.ToString(), level);
            text.Clear();
            if (string.IsNullOrWhiteSpace(block.Text)) return null;

            level = 0;
            return block;
        }
    }

    private static bool Cell(IElement element) => element.LocalName is "td" or "th";

    private static bool IsPreformatted(INode node) => node.ParentElement is { LocalName: "pre" } or { LocalName: "code", ParentElement.LocalName: "pre" };

    private static string OneLine(string words, StringBuilder before)
    {
        var line = new StringBuilder(words.Length);
        foreach (var c in words)
        {
            if (!char.IsWhiteSpace(c)) line.Append(c);
            else if (line.Length > 0 ? line[^1] != ' ' : before.Length > 0 && !char.IsWhiteSpace(before[^1])) line.Append(' ');
        }

        return line.ToString();
    }
}
