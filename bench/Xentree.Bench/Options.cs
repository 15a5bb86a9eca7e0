namespace Xentree.Bench;

/// <summary>What the command line asks for.</summary>
/// <param name="Benchmarks">What to run.</param>
/// <param name="IsQuick">Whether each is only tried: short, and on little data.</param>
/// <param name="OutputFile">Where the report goes beside the console. A whole run writes the one in <c>docs/</c>; any other only when told to.</param>
internal sealed record Options(IReadOnlyList<IBenchmark> Benchmarks, bool IsQuick, string? OutputFile)
{
    private const string Solution = "Xentree.sln";

    /// <summary>Reads the command line; null where it makes no sense.</summary>
    public static Options? Parse(string[] args, IBenchmark[] all)
    {
        var (chosen, isQuick, file) = (new List<IBenchmark>(), false, default(string));
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--quick") isQuick = true;
            else if (args[i] == "--out" && i + 1 < args.Length) file = args[++i];
            else if (all.FirstOrDefault(benchmark => benchmark.Name == args[i]) is { } named) chosen.Add(named);
            else return null;
        }

        var isWhole = chosen.Count == 0 && !isQuick;
        return new(chosen.Count == 0 ? all : chosen, isQuick, file ?? (isWhole ? Path.Combine(Root(), "docs", "benchmarks.md") : null));
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution))) return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds {Solution}: name a file with --out.");
    }
}
