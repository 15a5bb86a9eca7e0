using Xentree.Ai.Local;

namespace Xentree.Ai;

/// <summary>An error that was found in a text.</summary>
/// <param name="Offset">Where it begins, in UTF-16 units.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Found">What stands there.</param>
/// <param name="Replacements">What may stand there instead, the likeliest first; an empty one where it is to be left out.</param>
/// <param name="Category">What it is about, in a few words.</param>
/// <param name="Message">The reason, for the learner.</param>
public sealed record Correction(int Offset, int Length, string Found, IReadOnlyList<string> Replacements, string Category, string Message)
{
    /// <summary>The rule of ours that it breaks; null where Harper found it.</summary>
    internal GrammarRule? Rule { get; init; }

    /// <summary>Where it ends.</summary>
    internal int End => Offset + Length;

    /// <summary>Whether both are about the same text.</summary>
    internal bool Overlaps(Correction other) => Offset < other.End && other.Offset < End;

    /// <summary>What our own rules find in a text, in its order; of two that overlap, the first.</summary>
    internal static IReadOnlyList<Correction> In(string text)
    {
        var corrections = new List<Correction>();
        foreach (var found in GrammarRules.All.SelectMany(rule => rule.Find(text)).OrderBy(c => c.Offset).ThenByDescending(c => c.Length))
        {
            if (corrections.Count == 0 || found.Offset >= corrections[^1].End) corrections.Add(found);
        }

        return corrections;
    }

    /// <summary>The text with the corrections applied, as far as they say what should stand there.</summary>
    internal static string Apply(string text, IEnumerable<Correction> corrections)
    {
        foreach (var correction in corrections.Where(c => c.Replacements.Count > 0).OrderByDescending(c => c.Offset))
            text = string.Concat(text.AsSpan(0, correction.Offset), correction.Replacements[0], text.AsSpan(correction.End));
        return text;
    }
}
