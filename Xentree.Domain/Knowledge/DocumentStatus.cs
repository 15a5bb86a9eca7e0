namespace Xentree.Domain.Knowledge;

/// <summary>How far a document is.</summary>
public enum DocumentStatus
{
    /// <summary>It is being read; it cannot be found yet.</summary>
    Processing,

    /// <summary>It can be found.</summary>
    Ready,

    /// <summary>It could not be read; <c>failure</c> says why.</summary>
    Failed,
}
