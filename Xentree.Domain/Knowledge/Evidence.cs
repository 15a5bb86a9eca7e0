namespace Xentree.Domain.Knowledge;

/// <summary>A sentence of a passage that was found.</summary>
/// <param name="Source">Which passage, from 0: the best first.</param>
/// <param name="Text">The sentence, as it stands there.</param>
/// <param name="Context">What stands above the passage: its headings, the document's title.</param>
/// <param name="Similarity">The cosine between the question and the sentence; null where no meanings were compared.</param>
public sealed record SourceSentence(int Source, string Text, string? Context, double? Similarity);

/// <summary>What passages have to say to a question.</summary>
/// <param name="Strength">How sure it is that they answer it.</param>
/// <param name="Best">The sentences that answer it best, best first.</param>
public sealed record Evidence(double Strength, IReadOnlyList<SourceSentence> Best)
{
    /// <summary>What words weigh beside meaning.</summary>
    private const double Words = 0.1;

    /// <summary>From which strength on sentences are taken for an answer. Calibrated; see docs/benchmarks-knowledge.md.</summary>
    private const double Enough = 0.47;

    /// <summary>From which strength on it is worth asking somebody who can read.</summary>
    private const double Some = 0.36;

    /// <summary>The least share of the question's words that a sentence must hold where only words can be compared.</summary>
    private const double EnoughWords = 0.6;

    /// <summary>Another sentence is shown only if it is nearly as good as the best.</summary>
    private const double Nearly = 0.85;

    private const int MaxBest = 3;

    /// <summary>Whether the best sentences are taken for an answer as they stand.</summary>
    public bool Answers => Best.Count > 0 && Strength >= (Best[0].Similarity is null ? EnoughWords : Enough);

    /// <summary>Whether somebody who can read may find an answer; if not, nobody need be asked.</summary>
    public bool MayAnswer => Answers || (Best.Count > 0 && Best[0].Similarity is not null && Strength >= Some);

    /// <summary>Weighs the sentences of passages that were found for a question.</summary>
    public static Evidence Of(string question, IReadOnlyList<SourceSentence> sentences)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(sentences);
        var asked = ContentWords.Of(question);
        var ranked = sentences
            .Where(sentence => sentence.Text.Any(char.IsLetterOrDigit))
            .Select(sentence => (Sentence: sentence, Score: Score(asked, sentence)))
            .OrderByDescending(scored => scored.Score).ThenBy(scored => scored.Sentence.Source)
            .ToList();
        if (ranked.Count == 0) return new(0, []);

        var strength = ranked[0].Score;
        return new(strength, [.. ranked.TakeWhile(scored => scored.Score >= strength * Nearly).Select(scored => scored.Sentence).DistinctBy(sentence => sentence.Text).Take(MaxBest)]);
    }

    private static double Score(HashSet<string> asked, SourceSentence sentence)
    {
        var share = Share(asked, sentence);
        return sentence.Similarity is { } similarity ? similarity + (Words * share) : share;
    }

    private static double Share(HashSet<string> asked, SourceSentence sentence)
    {
        if (asked.Count == 0) return 0;

        var (own, context) = (ContentWords.Of(sentence.Text), ContentWords.Of(sentence.Context ?? ""));
        // A word above the passage says what it is about, not that this sentence answers.
        return asked.Sum(word => own.Contains(word) ? 1.0 : context.Contains(word) ? 0.5 : 0) / asked.Count;
    }
}
