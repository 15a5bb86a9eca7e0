using System.ComponentModel.DataAnnotations;

namespace Xentree.Data.Knowledge;

/// <summary>Settings of the search in documents (section <c>Knowledge</c>).</summary>
public sealed class KnowledgeOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Knowledge";

    /// <summary>How many bytes of vectors a process keeps in memory: about 650 passages fit into one of 1,048,576.</summary>
    [Range(1 << 20, 1L << 40)]
    public long VectorCacheBytes { get; init; } = 256 << 20;
}
