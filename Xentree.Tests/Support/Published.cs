namespace Xentree.Tests;

/// <summary>A file in git that the code could write itself: kept equal by a test, so that a change of it shows in a diff.</summary>
internal static class Published
{
    private const string Refresh = "XENTREE_REFRESH_DOCS";

    /// <summary>Holds that the file says <paramref name="text"/>; with <c>XENTREE_REFRESH_DOCS=1</c> it writes it instead.</summary>
    public static async Task ShouldSayAsync(string file, string text)
    {
        var path = Path.Combine(Repository.Root, file);
        text = text.TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Refresh) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
            return;
        }

        var said = File.Exists(path) ? (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n") : "";
        if (said == text) return;

        var (old, now) = (said.Split('\n'), text.Split('\n'));
        var line = Enumerable.Range(0, Math.Min(old.Length, now.Length)).FirstOrDefault(i => old[i] != now[i], Math.Min(old.Length, now.Length));
        Assert.Fail(
            $"""
            {file} is not what the code says, first in line {line + 1}:
              in git:   {old.ElementAtOrDefault(line)}
              the code: {now.ElementAtOrDefault(line)}
            If the change is meant, run the tests with {Refresh}=1 and commit the file.
            """);
    }
}
