using Xentree.Domain.Knowledge;

namespace Xentree.Ai.Local;

/// <summary>A passage of the learner's documents.</summary>
/// <param name="Title">The document's title.</param>
/// <param name="Text">The passage, verbatim.</param>
public sealed record Passage(string Title, string Text);

/// <summary>Answers out of passages without a word of its own: it quotes the sentences that have most in common with the question.</summary>
internal static class Passages
{
    private const int MaxQuotes = 3;
    private const double LeastShare = 0.34;

    /// <summary>The sentences that answer a question best, each with where it stands; null where none has enough to do with it.</summary>
    public static string? Quote(string question, IReadOnlyList<Passage> passages)
    {
        var asked = StemsOf(question);
        if (asked.Count == 0) return null;

        var sentences = passages
            .SelectMany(passage => Sentences.Of(passage.Text).Select(sentence => (passage.Title, Text: sentence)))
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
        return best.Count == 0 ? null : string.Join("\n\n", best.Select(quote => $"> {quote.Text}\n>\n> — {quote.Title}"));
    }

    // “went” and “go” meet.
    private static HashSet<string> StemsOf(string text) => ContentWords.Of(text, word => Verbs.ByForm.TryGetValue(word, out var verb) ? verb.Base : word);
}
