namespace Xentree.Tests;

/// <summary>Suites that weigh and measure: `.ci/run` asks for them with XENTREE_SLOW=1, a developer's `dotnet test` goes without.</summary>
public static class Slow
{
    public const string Why = "It takes long: set XENTREE_SLOW=1 to run it.";

    public static bool IsWanted => Environment.GetEnvironmentVariable("XENTREE_SLOW") == "1";
}
