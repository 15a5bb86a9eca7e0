namespace Xentree.Ai.Grammar;

/// <summary>Whose English Harper compares with. A word of the other one is never an error: the dictionary knows both.</summary>
internal enum EnglishDialect
{
    American,
    British,
}

internal static class EnglishDialects
{
    private static readonly string[] BritishRegions = ["GB", "IE", "AU", "NZ", "ZA", "IN", "CA", "MT"];

    /// <summary>The dialect of a user's language; American where the tag names no region that writes otherwise.</summary>
    public static EnglishDialect Of(string? language) =>
        language is not null && language.StartsWith("en-", StringComparison.OrdinalIgnoreCase)
            && language.Split('-').Any(part => BritishRegions.Contains(part, StringComparer.OrdinalIgnoreCase))
            ? EnglishDialect.British
            : EnglishDialect.American;
}
