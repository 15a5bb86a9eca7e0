using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Xentree.Domain.Knowledge;

namespace Xentree.Worker.Knowledge.Formats;

/// <summary>Word documents: paragraph by paragraph, never whole in memory.</summary>
internal static class DocxText
{
    private const int Levels = 9;

    public static IEnumerable<TextBlock> Read(byte[] file, ExtractionOptions options)
    {
        CheckSizes(file, options);
        using var document = WordprocessingDocument.Open(new MemoryStream(file), isEditable: false, new OpenSettings { MaxCharactersInPart = options.UnpackedBytes });
        var main = document.MainDocumentPart ?? throw UnreadableException.Damaged;
        var levels = HeadingLevels(main);
        using var reader = OpenXmlReader.Create(main);
        var any = false;
        while (reader.Read())
        {
            if (!reader.IsStartElement) continue;

            TextBlock? block = null;
            if (reader.ElementType == typeof(TableRow) && reader.LoadCurrentElement() is TableRow row)
                block = new(string.Join(" | ", row.Elements<TableCell>().Select(cell => string.Join(' ', cell.Descendants<Paragraph>().Select(Words)))));
            else if (reader.ElementType == typeof(Paragraph) && reader.LoadCurrentElement() is Paragraph paragraph)
                block = new(Words(paragraph), Level(paragraph.ParagraphProperties, levels));
            if (block is not { Text: var text } || string.IsNullOrWhiteSpace(text)) continue;

            any = true;
            yield return block.Value;
        }

        if (!any) throw UnreadableException.Empty;
    }

    // Before anything is unpacked. That no entry is longer than it says, the unpacker sees to.
    private static void CheckSizes(byte[] file, ExtractionOptions options)
    {
        using var archive = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
        if (archive.Entries.Count > options.Entries || archive.Entries.Sum(entry => entry.Length) > options.UnpackedBytes) throw UnreadableException.TooLarge;
    }

    private static string Words(Paragraph paragraph)
    {
        var text = new StringBuilder();
        foreach (var element in paragraph.Descendants())
        {
            switch (element)
            {
                case Text words: text.Append(words.Text); break;
                case TabChar: text.Append('\t'); break;
                case Break: text.Append('\n'); break;
                case NoBreakHyphen: text.Append('-'); break;
            }
        }

        return text.ToString();
    }

    private static int Level(ParagraphProperties? properties, Dictionary<string, int> levels) =>
        Outline(properties?.OutlineLevel) ?? (properties?.ParagraphStyleId?.Val?.Value is { } style ? levels.GetValueOrDefault(style) : 0);

    private static Dictionary<string, int> HeadingLevels(MainDocumentPart main)
    {
        var styles = main.StyleDefinitionsPart?.Styles?.Elements<Style>().Where(style => style.StyleId?.Value is not null).ToLookup(style => style.StyleId!.Value!);
        var levels = new Dictionary<string, int>();
        foreach (var id in styles?.Select(group => group.Key) ?? [])
        {
            // A style that rests on a heading is one; the chain may be a ring.
            var (style, steps) = (styles![id].First(), 0);
            for (; style is not null && steps < Levels; style = style.BasedOn?.Val?.Value is { } basis ? styles[basis].FirstOrDefault() : null, steps++)
            {
                if ((Outline(style.StyleParagraphProperties?.OutlineLevel) ?? Named(style.StyleName?.Val?.Value)) is { } level) levels.TryAdd(id, level);
            }
        }

        return levels;
    }

    // The names of the built-in styles are English in every language of Word, and not every program gives them a level.
    private static int? Named(string? name) => name?.ToLowerInvariant() switch
    {
        "title" => 1,
        ['h', 'e', 'a', 'd', 'i', 'n', 'g', ' ', >= '1' and <= '9' and var level] => level - '0',
        _ => null,
    };

    // 0 to 8 are levels; 9 is the body of the text.
    private static int? Outline(OutlineLevel? outline) => outline?.Val?.Value is >= 0 and < Levels and var level ? level + 1 : null;
}
