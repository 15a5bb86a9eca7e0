namespace Xentree.Data.Search;

/// <summary>
/// The languages whose words PostgreSQL knows how to stem, and its configuration for each. Text in any other is found by its words as
/// they stand (<c>simple</c>).
/// </summary>
internal static class SearchLanguages
{
    private static readonly (string Language, string Config)[] Known =
    [
        ("ar", "arabic"), ("ca", "catalan"), ("da", "danish"), ("de", "german"), ("el", "greek"), ("en", "english"), ("es", "spanish"), ("eu", "basque"),
        ("fi", "finnish"), ("fr", "french"), ("ga", "irish"), ("hi", "hindi"), ("hu", "hungarian"), ("hy", "armenian"), ("id", "indonesian"), ("it", "italian"),
        ("lt", "lithuanian"), ("nb", "norwegian"), ("ne", "nepali"), ("nl", "dutch"), ("nn", "norwegian"), ("no", "norwegian"), ("pt", "portuguese"),
        ("ro", "romanian"), ("ru", "russian"), ("sr", "serbian"), ("sv", "swedish"), ("ta", "tamil"), ("tr", "turkish"), ("yi", "yiddish"),
    ];

    /// <summary>The primary subtags of BCP 47.</summary>
    public static string[] Tags { get; } = [.. Known.Select(known => known.Language)];

    /// <summary>The configuration of each.</summary>
    public static string[] Configs { get; } = [.. Known.Select(known => known.Config)];
}
