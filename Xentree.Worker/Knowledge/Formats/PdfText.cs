using System.Text;
using UglyToad.PdfPig;
using UglyToad.PdfPig.DocumentLayoutAnalysis.PageSegmenter;
using UglyToad.PdfPig.DocumentLayoutAnalysis.ReadingOrderDetector;
using UglyToad.PdfPig.DocumentLayoutAnalysis.WordExtractor;
using UglyToad.PdfPig.Exceptions;
using Xentree.Domain.Knowledge;
using LayoutBlock = UglyToad.PdfPig.DocumentLayoutAnalysis.TextBlock;

namespace Xentree.Worker.Knowledge.Formats;

/// <summary>PDF: blocks in reading order. What is set larger than the body of the text, and short, is a heading.</summary>
internal static class PdfText
{
    private const double Larger = 1.15;
    private const int LongestHeading = 200;
    private const int Levels = 6;

    public static IEnumerable<TextBlock> Read(byte[] file, ExtractionOptions options)
    {
        using var document = Open(file);
        if (document.NumberOfPages > options.Pages) throw UnreadableException.TooManyPages(options.Pages);

        var (blocks, characters, hasPictures) = (new List<(string Text, double Size, int Page)>(), 0L, false);
        var sizes = new Dictionary<double, int>();
        for (var number = 1; number <= document.NumberOfPages; number++)
        {
            var page = document.GetPage(number);
            hasPictures |= page.NumberOfImages > 0;
            foreach (var block in Blocks(page))
            {
                var text = Text(block);
                if (text.Length == 0 || text.All(c => !char.IsLetter(c))) continue;

                characters += text.Length;
                if (characters > options.Characters) throw UnreadableException.TooLarge;
                var size = Size(block);
                sizes[size] = sizes.GetValueOrDefault(size) + text.Length;
                blocks.Add((text, size, number));
            }
        }

        if (blocks.Count == 0) throw hasPictures ? UnreadableException.Scanned : UnreadableException.Empty;

        var body = sizes.MaxBy(pair => pair.Value).Key;
        var headings = blocks.Where(block => IsHeading(block.Text, block.Size)).Select(block => block.Size).Distinct().OrderDescending().ToList();
        return blocks.Select(block => new TextBlock(block.Text, IsHeading(block.Text, block.Size) ? Math.Min(headings.IndexOf(block.Size) + 1, Levels) : 0, block.Page));

        bool IsHeading(string text, double size) => size >= body * Larger && text.Length <= LongestHeading;
    }

    private static PdfDocument Open(byte[] file)
    {
        try
        {
            return PdfDocument.Open(file, new ParsingOptions { UseLenientParsing = true, SkipMissingFonts = true });
        }
        catch (PdfDocumentEncryptedException)
        {
            throw UnreadableException.Encrypted;
        }
    }

    private static IEnumerable<LayoutBlock> Blocks(UglyToad.PdfPig.Content.Page page)
    {
        var words = page.GetWords(NearestNeighbourWordExtractor.Instance).Where(word => !string.IsNullOrWhiteSpace(word.Text)).ToList();
        if (words.Count == 0) return [];

        return UnsupervisedReadingOrderDetector.Instance.Get(DocstrumBoundingBoxes.Instance.GetBlocks(words)).OrderBy(block => block.ReadingOrder);
    }

    // Lines run on; a word that was divided at their end becomes whole.
    private static string Text(LayoutBlock block)
    {
        var text = new StringBuilder();
        foreach (var line in block.TextLines.Select(line => line.Text.Trim()).Where(line => line.Length > 0))
        {
            if (text.Length > 1 && text[^1] is '-' or '\u2010' && char.IsLetter(text[^2]) && char.IsLower(line[0])) text.Length--;
            else if (text.Length > 0) text.Append(' ');
            text.Append(line);
        }

        return text.ToString();
    }

    private static double Size(LayoutBlock block)
    {
        var sizes = block.TextLines.SelectMany(line => line.Words).SelectMany(word => word.Letters).Select(letter => letter.PointSize).Order().ToList();
        return sizes.Count == 0 ? 0 : Math.Round(sizes[sizes.Count / 2] * 2) / 2;
    }
}
