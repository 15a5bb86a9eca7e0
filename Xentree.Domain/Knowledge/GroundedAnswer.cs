using System.Text.RegularExpressions;

namespace Xentree.Domain.Knowledge;

/// <summary>Words of a source that a statement rests on.</summary>
/// <param name="Source">Which source, from 0.</param>
/// <param name="Text">The words, as they stand there.</param>
public readonly record struct SourceQuote(int Source, string Text);

/// <summary>A statement of an answer, and what it rests on.</summary>
/// <param name="Text">The statement.</param>
/// <param name="Quotes">The quotes, each checked; at least one.</param>
public sealed record GroundedStatement(string Text, IReadOnlyList<SourceQuote> Quotes);

/// <summary>
/// Reads an answer in which each line is a statement with its quotes: <c>The shop opens at nine. [2] "open from 9 a.m."</c>. A quote that
/// does not stand in its source is dropped, and a statement without any that does, too: what is left is what the sources bear out.
/// </summary>
public static partial class GroundedAnswer
{
    /// <summary>The statements that are borne out; none where the answer rests on nothing.</summary>
    public static IReadOnlyList<GroundedStatement> Read(string answer, IReadOnlyList<string> sources)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(sources);
        var statements = new List<GroundedStatement>();
        var above = "";
        foreach (var line in answer.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var marks = Mark.Matches(line);
            if (marks.Count == 0)
            {
                above = line;
                continue;
            }

            var quotes = marks
                .Select(mark => (Source: int.Parse(mark.Groups["source"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) - 1, Text: mark.Groups["quote"].Value))
                .Where(quote => quote.Source >= 0 && quote.Source < sources.Count)
                .Select(quote => (quote.Source, Text: Quotation.Find(sources[quote.Source], quote.Text)))
                .Where(quote => quote.Text is not null)
                .Select(quote => new SourceQuote(quote.Source, quote.Text!))
                .Distinct()
                .ToList();
            // Some models put a quote on a line of its own, below what it bears out.
            var said = line[..marks[0].Index].Trim() is { Length: > 0 } own ? own : above;
            above = "";
            if (quotes.Count > 0) statements.Add(new(said.Any(char.IsLetterOrDigit) ? said : quotes[0].Text, quotes));
        }

        return statements;
    }

    [GeneratedRegex("""\[(?<source>\d{1,3})\]:?\s*["“«](?<quote>.*?)["”»](?=\s*(?:,|;|and)?\s*\[\d{1,3}\]:?\s*["“«]|\s*[.,;)]*\s*$)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2_000)]
    private static partial Regex Mark { get; }
}
