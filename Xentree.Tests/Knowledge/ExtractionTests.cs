using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xentree.Domain.Knowledge;
using Xentree.Worker.Knowledge;

namespace Xentree.Tests.Knowledge;

/// <summary>The process that reads files: what it understands of good ones, and how it ends with hostile ones.</summary>
public sealed class ExtractionTests
{
    [Theory]
    [InlineData("guide.html", DocumentTypes.Html)]
    [InlineData("guide.md", DocumentTypes.Markdown)]
    [InlineData("guide.docx", DocumentTypes.Docx)]
    [InlineData("guide.pdf", DocumentTypes.Pdf)]
    [InlineData("printed.pdf", DocumentTypes.Pdf)]
    public async Task A_file_becomes_headings_and_paragraphs(string name, string mediaType)
    {
        var blocks = await ReadAsync(KnowledgeSteps.File(name), mediaType);

        Assert.Equal([("Keeping bees", 1), ("Before you begin", 2), ("The year", 2), ("Spring", 3), ("Autumn", 3)], blocks.Where(b => b.Level > 0).Select(b => (b.Text, b.Level)));
        Assert.Contains(blocks, b => b.Text == "Choose a quiet corner with morning sun. Bees dislike wind, and neighbours dislike bees that fly across a path.");
        Assert.Contains(blocks, b => b.Text is "Smoker | calms the colony" or "Smoker calms the colony");
        Assert.DoesNotContain(blocks, b => b.Text.Contains("never shown", StringComparison.Ordinal));
        Assert.All(blocks, b => Assert.Equal(mediaType == DocumentTypes.Pdf ? 1 : null, b.Page));
    }

    [Fact]
    public async Task Plain_text_has_paragraphs_and_chapters()
    {
        var blocks = await ReadAsync(KnowledgeSteps.File("guide.txt"), DocumentTypes.Text);

        Assert.Equal(["KEEPING BEES", "CHAPTER I", "CHAPTER II"], blocks.Where(b => b.Level > 0).Select(b => b.Text));
        Assert.Contains(blocks, b => b.Text.EndsWith("and neighbours dislike bees that fly across a path.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_PDF_says_on_which_page_what_stands()
    {
        var blocks = await ReadAsync(KnowledgeSteps.SettlingIn, DocumentTypes.Pdf);

        Assert.Equal([(1, "The first week"), (2, "Finding somewhere to live"), (2, "Heating and damp"), (3, "Getting about"), (3, "Learning the language")],
            blocks.Where(b => b.Level == 2).Select(b => (b.Page!.Value, b.Text)));
    }

    [Fact]
    public async Task Text_is_read_whatever_its_encoding()
    {
        foreach (var encoding in (Encoding[])[new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true), CodePagesEncodingProvider.Instance.GetEncoding(1252)!])
            Assert.Equal("Müller’s café", Assert.Single(await ReadAsync([.. encoding.GetPreamble(), .. encoding.GetBytes("Müller’s café")], DocumentTypes.Text)).Text);
    }

    [Fact]
    public async Task What_PostgreSQL_refuses_is_left_out() =>
        Assert.Equal("a b", Assert.Single(await ReadAsync("<p>a\0 &#xD800;&#0;b</p>"u8.ToArray(), DocumentTypes.Html)).Text.Replace("\uFFFD", "", StringComparison.Ordinal));

    [Fact]
    public Task An_encrypted_file_is_named_so() => FailsAsync(KnowledgeSteps.File("encrypted.pdf"), DocumentTypes.Pdf, "encrypted");

    [Fact]
    public Task A_scan_is_named_so() => FailsAsync(KnowledgeSteps.File("scan.pdf"), DocumentTypes.Pdf, "only pictures");

    [Fact]
    public Task A_file_with_too_many_pages_is_named_so() => FailsAsync(KnowledgeSteps.SettlingIn, DocumentTypes.Pdf, "more than 2 pages", new() { Pages = 2 });

    [Fact]
    public Task Half_a_PDF_is_damaged() => FailsAsync(KnowledgeSteps.SettlingIn[..9_000], DocumentTypes.Pdf, "");

    [Fact]
    public Task A_document_that_is_only_a_zip_is_damaged() => FailsAsync(Zip(("word/document.xml", 10)), DocumentTypes.Docx, "damaged");

    [Fact]
    public Task A_bomb_is_not_unpacked() => FailsAsync(Zip(("word/document.xml", 300 << 20)), DocumentTypes.Docx, "too much");

    [Fact]
    public Task A_document_of_too_many_parts_is_not_unpacked() =>
        FailsAsync(Zip([.. Enumerable.Range(0, 200).Select(i => ($"word/{i}.xml", 1))]), DocumentTypes.Docx, "too much", new() { Entries = 100 });

    [Fact]
    public Task More_text_than_is_stored_ends() => FailsAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("word \n\n", 10_000))), DocumentTypes.Text, "too much", new() { Characters = 5_000 });

    [Fact]
    public async Task Deeply_nested_HTML_ends_within_its_bounds()
    {
        var html = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<div><b>", 200_000)) + "deep");

        // Read, or refused with a sentence: never a crash of who asked.
        try
        {
            Assert.Equal("deep", Assert.Single(await ReadAsync(html, DocumentTypes.Html, new() { Seconds = 20 })).Text);
        }
        catch (UnreadableException exception)
        {
            Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public Task A_PDF_whose_pages_are_their_own_parents_ends() => FailsAsync(
        Pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 4 >>"), DocumentTypes.Pdf, "", new() { Seconds = 20 });

    [Fact]
    public Task A_PDF_that_claims_millions_of_pages_ends() => FailsAsync(
        Pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 100000000 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>"), DocumentTypes.Pdf, "", new() { Seconds = 20 });

    [Fact]
    public Task What_takes_too_long_is_ended() => FailsAsync(
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<a><table><b>", 400_000))), DocumentTypes.Html, "", new() { Seconds = 1 });

    [Fact]
    public Task What_takes_too_much_memory_is_ended() => FailsAsync(
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<i>x</i>", 2_000_000))), DocumentTypes.Html, "", new() { MemoryBytes = 48 << 20, Seconds = 30 });

    private static async Task FailsAsync(byte[] file, string mediaType, string reason, ExtractionOptions? options = null)
    {
        var failure = await Assert.ThrowsAsync<UnreadableException>(() => ReadAsync(file, mediaType, options));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
    }

    private static Task<IReadOnlyList<TextBlock>> ReadAsync(byte[] file, string mediaType, ExtractionOptions? options = null) =>
        new Extraction(Options.Create(options ?? new()), NullLogger<Extraction>.Instance).ReadAsync(new MemoryStream(file), mediaType, TestContext.Current.CancellationToken);

    private static byte[] Zip(params (string Name, int Length)[] entries)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, length) in entries)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                for (var left = length; left > 0; left -= 1 << 16) entry.Write(new byte[Math.Min(left, 1 << 16)]);
            }
        }

        return file.ToArray();
    }

    private static byte[] Pdf(params string[] objects)
    {
        var file = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        foreach (var (index, body) in objects.Index())
        {
            offsets.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{index + 1} 0 obj\n{body}\nendobj\n");
        }

        var start = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets) file.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n");
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(file.ToString());
    }
}
