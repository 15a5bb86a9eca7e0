namespace Xentree.Tests;

/// <summary>What a test that looks at many things found wrong with some.</summary>
internal static class Complaints
{
    /// <summary>Holds that there are none; names every one.</summary>
    public static void ShouldBeNone(this IEnumerable<string> complaints)
    {
        var all = complaints.ToList();
        if (all.Count > 0) Assert.Fail(string.Join(Environment.NewLine, all));
    }
}
