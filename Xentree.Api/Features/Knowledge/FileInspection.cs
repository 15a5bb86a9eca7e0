using System.Security.Cryptography;
using Xentree.Domain.Knowledge;

namespace Xentree.Api.Features.Knowledge;

/// <summary>What can be told of a file while it goes by: its size, its hash, and what it is by its content.</summary>
internal sealed class FileInspection : IDisposable
{
    private const int HeadLength = 1024;

    private static readonly byte[] WordEntry = "word/document.xml"u8.ToArray();

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<byte> _head = new(HeadLength);
    private byte[] _tail = [];
    private bool _holdsWord;
    private bool _holdsControls;

    public long Size { get; private set; }

    public byte[] Sha256 => _hash.GetCurrentHash();

    /// <summary>Takes the next bytes.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;

        Size += bytes.Length;
        _hash.AppendData(bytes);
        if (_head.Count < HeadLength) _head.AddRange(bytes[..Math.Min(bytes.Length, HeadLength - _head.Count)]);
        // Control characters other than those of texts: tab, the ends of lines and pages, escape.
        _holdsControls |= bytes.ContainsAnyInRange((byte)0, (byte)8) || bytes.Contains((byte)11) || bytes.ContainsAnyInRange((byte)14, (byte)26) || bytes.ContainsAnyInRange((byte)28, (byte)31);
        if (_holdsWord || !IsPacked) return;

        // The name may lie across the border of two buffers.
        byte[] border = [.. _tail, .. bytes[..Math.Min(bytes.Length, WordEntry.Length)]];
        _holdsWord = bytes.IndexOf(WordEntry) >= 0 || border.AsSpan().IndexOf(WordEntry) >= 0;
        byte[] last = [.. _tail, .. bytes.Length > WordEntry.Length ? bytes[^WordEntry.Length..] : bytes];
        _tail = last.Length > WordEntry.Length ? last[^WordEntry.Length..] : last;
    }

    /// <summary>What the file is; null for what cannot be read. Only of which kind a text is, its name may say.</summary>
    public string? MediaType(string? fileName, string? declared)
    {
        ReadOnlySpan<byte> head = _head.ToArray();
        if (head.IndexOf("%PDF-"u8) >= 0) return DocumentTypes.Pdf;
        if (IsPacked) return _holdsWord ? DocumentTypes.Docx : null;

        var isWide = head.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) || head.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]);
        if ((_holdsControls && !isWide) || head.StartsWith("{\\rtf"u8) || head.StartsWith("%!PS"u8)) return null;

        var start = System.Text.Encoding.Latin1.GetString(head).Replace("\0", "", StringComparison.Ordinal).TrimStart('ï', '»', '¿', 'ÿ', 'þ', ' ', '\t', '\r', '\n').ToLowerInvariant();
        if (start.StartsWith("<!doctype html", StringComparison.Ordinal) || (start.StartsWith('<') && start.Contains("<html", StringComparison.Ordinal))) return DocumentTypes.Html;

        var extension = Path.GetExtension(fileName ?? "").ToLowerInvariant();
        if ((extension is ".html" or ".htm" || declared == DocumentTypes.Html) && start.Contains('<', StringComparison.Ordinal)) return DocumentTypes.Html;
        return extension is ".md" or ".markdown" || declared == DocumentTypes.Markdown ? DocumentTypes.Markdown : DocumentTypes.Text;
    }

    public void Dispose() => _hash.Dispose();

    private bool IsPacked => _head is [(byte)'P', (byte)'K', 3, 4, ..];
}

/// <summary>A file on its way to where it is stored: inspected as it passes, and stopped where it is too large.</summary>
internal sealed class InspectedStream(Stream file, FileInspection inspection, long max) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => inspection.Size; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await file.ReadAsync(buffer, cancellationToken);
        inspection.Take(buffer.Span[..read]);
        return inspection.Size <= max ? read : throw Failures.TooLarge.AsException();
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
