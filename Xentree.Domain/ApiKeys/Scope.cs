namespace Xentree.Domain.ApiKeys;

/// <summary>The scopes that an API key can hold, and which of them satisfies which (contract, section 2).</summary>
public static class Scope
{
    /// <summary>The area whose scopes stand for every other's.</summary>
    private const string AnyArea = "api";

    /// <summary>Every scope, in the order of the contract.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. from area in (string[])["conversations", "rag", "quiz", "live", "organizations", "integrations", "xel", AnyArea]
           from action in (string[])["read", "write"]
           select $"{area}:{action}",
        "api:admin",
    ];

    private static readonly HashSet<string> Known = [.. All];

    /// <summary>Whether <paramref name="scope"/> is one of <see cref="All"/>.</summary>
    public static bool IsKnown(string scope) => Known.Contains(scope);

    /// <summary>
    /// Whether the granted scopes satisfy the required one: the scope itself, <c>api:read</c> for any read, <c>api:write</c> for
    /// any write, <c>api:admin</c> for everything. A write never implies its read.
    /// </summary>
    public static bool IsSatisfied(string required, IReadOnlyCollection<string> granted)
    {
        var any = AnyArea + required[required.IndexOf(':', StringComparison.Ordinal)..];
        foreach (var scope in granted)
        {
            if (scope == required || scope == any || scope == "api:admin") return true;
        }

        return false;
    }
}
