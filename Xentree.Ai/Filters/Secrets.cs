using System.Text.RegularExpressions;

namespace Xentree.Ai;

/// <summary>Takes out of a text what lets somebody in: keys of this API, access tokens and the like.</summary>
internal static partial class Secrets
{
    public static string Remove(string text) => Secret.Replace(text, "[removed]");

    [GeneratedRegex(@"\bxntr-[A-Za-z0-9_-]{12,}|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*|(?<=\bbearer\s{1,8})[A-Za-z0-9._~+/=-]{16,}",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Secret { get; }
}
