using System.ComponentModel.DataAnnotations;

namespace Xentree.Worker.Knowledge;

/// <summary>How much reading a document may cost (section <c>Knowledge:Extraction</c>): files come from anybody.</summary>
public sealed class ExtractionOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Knowledge:Extraction";

    /// <summary>How long it may take, in seconds; less than a lease lasts.</summary>
    [Range(1, 170)]
    public int Seconds { get; init; } = 90;

    /// <summary>How much memory the process that reads may hold for objects, in bytes.</summary>
    [Range(32L << 20, 1L << 40)]
    public long MemoryBytes { get; init; } = 400L << 20;

    /// <summary>How many pages a document may have.</summary>
    [Range(1, 1_000_000)]
    public int Pages { get; init; } = 2_000;

    /// <summary>How many characters of text.</summary>
    [Range(1, 100_000_000)]
    public int Characters { get; init; } = 8_000_000;

    /// <summary>How many passages it may be split into.</summary>
    [Range(1, 1_000_000)]
    public int Passages { get; init; } = 20_000;

    /// <summary>How many files a packed format may hold.</summary>
    [Range(1, 1_000_000)]
    public int Entries { get; init; } = 5_000;

    /// <summary>How large they may be unpacked, in bytes.</summary>
    [Range(1, 1L << 40)]
    public long UnpackedBytes { get; init; } = 200L << 20;
}
