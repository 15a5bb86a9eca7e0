using System.Text.RegularExpressions;

namespace Xentree.Ai.Local;

/// <summary>A passage of the learner's documents.</summary>
/// <param name="Title">The document's title.</param>
/// <param name="Text">The passage, verbatim.</param>
public sealed record Passage(string Title, string Text);

/// <summary>Answers out of passages without a word of its own: it quotes the sentences that have most in common with the question.</summary>
internal static partial class Passages
{
    private const int MaxQuotes = 3;
    private const double LeastShare = 0.34;

    private static readonly HashSet<string> Common =
        """
        a an the of and or to in on at by for with from as is are was were be been am do does did has have had it its this that these those
        i you he she we they me him her us them my your his our their what which who whom whose when where why how can could would should will
        may might must not no yes about into than then there here if so but please tell explain say says said mean means according document documents notes
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The sentences that answer a question best, each with where it stands; null where none has enough to do with it.</summary>
    public static string? Quote(string question, IReadOnlyList<Passage> passages)
    {
        var asked = StemsOf(question);
        if (asked.Count == 0) return null;

        var sentences = passages
            .SelectMany(passage => Sentence.Matches(passage.Text).Select(match => (passage.Title, Text: match.Value.Trim())))
            .Where(sentence => sentence.Text.Length > 0)
            .Distinct()
            .Select(sentence => (sentence.Title, sentence.Text, Stems: StemsOf(sentence.Text)))
            .ToList();

        // A word that stands everywhere tells little about where the answer is.
        var weights = asked.ToDictionary(stem => stem, stem => 1.0 / (1 + Math.Log(1 + sentences.Count(sentence => sentence.Stems.Contains(stem)))));
        var whole = weights.Values.Sum();
        var best = sentences
            .Select(sentence => (sentence.Title, sentence.Text, Score: asked.Where(sentence.Stems.Contains).Sum(stem => weights[stem]) / whole))
            .Where(sentence => sentence.Score >= LeastShare)
            .OrderByDescending(sentence => sentence.Score)
            .Take(MaxQuotes)
            .ToList();
        return best.Count == 0 ? null : string.Join("\n\n", best.Select(quote => $"> {quote.Text.ReplaceLineEndings("\n> ")}\n>\n> — {quote.Title}"));
    }

    private static HashSet<string> StemsOf(string text) => Tokens.WordsOf(text).Where(word => !Common.Contains(word)).Select(Stem).ToHashSet(StringComparer.Ordinal);

    // Enough for a comparison: “visits”, “visited” and “visiting” meet.
    private static string Stem(string word)
    {
        var lower = word.ToLowerInvariant();
        if (Verbs.ByForm.TryGetValue(lower, out var verb)) lower = verb.Base;
        foreach (var ending in (string[])["ing", "ies", "ied", "es", "ed", "s", "ly", "e", "y"])
        {
            if (lower.Length > ending.Length + 2 && lower.EndsWith(ending, StringComparison.Ordinal)) return lower[..^ending.Length];
        }

        return lower;
    }

    [GeneratedRegex(@"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*(?:[.!?]+[""”’)]*|(?=\n)|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Sentence { get; }
}
