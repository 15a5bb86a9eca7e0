namespace Xentree.Domain.Knowledge;

/// <summary>Whose documents are searched.</summary>
public enum SearchScope
{
    /// <summary>All that the caller may see.</summary>
    All,

    /// <summary>Those that the caller uploaded.</summary>
    Mine,

    /// <summary>Those that are shared with an organization of the caller's.</summary>
    Organization,
}
