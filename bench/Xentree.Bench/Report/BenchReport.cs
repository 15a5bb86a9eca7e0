using System.Text;

namespace Xentree.Bench.Report;

/// <summary>What was measured, as Markdown: first every target beside what was measured, then the tables of each benchmark.</summary>
/// <param name="machine">The machine and the run.</param>
internal sealed class BenchReport(string machine)
{
    private readonly List<(string Title, StringBuilder Text)> _sections = [];
    private readonly List<(string Title, string What, string Goal, string Measured, bool IsMet)> _targets = [];

    /// <summary>Begins the section of a benchmark.</summary>
    public void Begin(string title)
    {
        Console.WriteLine($"# {title}");
        _sections.Add((title, new StringBuilder()));
    }

    /// <summary>Adds a paragraph.</summary>
    public void Say(string text) => _sections[^1].Text.AppendLine(text).AppendLine();

    /// <summary>Adds a table.</summary>
    public void Table(string[] head, IEnumerable<string[]> rows)
    {
        _sections[^1].Text.Append(Markdown(head, rows)).AppendLine();
    }

    /// <summary>Adds a target and whether it was met.</summary>
    public void Target(string what, string goal, string measured, bool isMet) => _targets.Add((_sections[^1].Title, what, goal, measured, isMet));

    /// <summary>Every target so far.</summary>
    public string Summary => Markdown(
        ["", "Target", "Measured: median (min–max)", "Met"],
        _targets.Select(target => (string[])[$"{target.Title}: {target.What}", target.Goal, target.Measured, target.IsMet ? "yes" : "**no**"])).ToString();

    /// <summary>The section that was written last.</summary>
    public string LastSection => _sections[^1].Text.ToString();

    /// <summary>The whole report.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("# Benchmarks").AppendLine().AppendLine();
        text.AppendLine("Written by `dotnet run -c Release --project bench/Xentree.Bench`; [bench/README.md](../bench/README.md) says what is measured and how.");
        text.AppendLine().Append(machine).AppendLine().AppendLine("## Targets").AppendLine().Append(Summary).AppendLine();
        foreach (var (title, section) in _sections) text.AppendLine($"## {title}").AppendLine().Append(section);
        return text.ToString().TrimEnd() + "\n";
    }

    private static StringBuilder Markdown(string[] head, IEnumerable<string[]> rows)
    {
        var text = new StringBuilder();
        foreach (var row in (IEnumerable<string[]>)[head, [.. head.Select((_, i) => i == 0 ? "---" : "---:")], .. rows])
            text.AppendLine($"| {string.Join(" | ", row)} |");
        return text;
    }
}
