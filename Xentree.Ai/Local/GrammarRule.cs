using System.Text.RegularExpressions;

namespace Xentree.Ai.Local;

/// <summary>A classic error of learners, and how it is recognised and mended.</summary>
/// <param name="Name">What it is about, in a few words.</param>
/// <param name="Why">The reason, for the learner.</param>
/// <param name="Pattern">Finds the error. It prefers to miss one than to blame what is right.</param>
/// <param name="Mend">The right text for what the pattern found; null where it is right after all.</param>
/// <param name="Exercises">Gaps to fill.</param>
internal sealed record GrammarRule(string Name, string Why, Regex Pattern, Func<Match, string?> Mend, params Exercise[] Exercises)
{
    /// <summary>The errors of this kind in a text.</summary>
    public IEnumerable<Correction> Find(string text)
    {
        foreach (Match match in Pattern.Matches(text))
        {
            if (Mend(match) is { } mended && mended != match.Value)
                yield return new Correction(this, match.Index, match.Length, match.Value, LikeCase(match.Value, mended));
        }
    }

    // A sentence that began with a capital still does.
    private static string LikeCase(string found, string mended) =>
        mended.Length > 0 && char.IsUpper(found[0]) && char.IsLower(mended[0]) ? char.ToUpperInvariant(mended[0]) + mended[1..] : mended;
}

/// <summary>A sentence with a gap.</summary>
/// <param name="Task">The sentence; <c>___</c> is the gap.</param>
/// <param name="Answer">What belongs there.</param>
internal sealed record Exercise(string Task, string Answer)
{
    public const string Gap = "___";

    /// <summary>The sentence with the gap filled.</summary>
    public string Solved => Task.Replace(Gap, Answer, StringComparison.Ordinal);
}

/// <summary>An error that was found in a text.</summary>
/// <param name="Rule">The rule that it breaks.</param>
/// <param name="Offset">Where it begins, in UTF-16 units.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Found">What stands there.</param>
/// <param name="Replacement">What should.</param>
internal sealed record Correction(GrammarRule Rule, int Offset, int Length, string Found, string Replacement)
{
    /// <summary>What the rules find in a text, in its order; of two that overlap, the first.</summary>
    public static IReadOnlyList<Correction> In(string text)
    {
        var corrections = new List<Correction>();
        var end = 0;
        foreach (var found in GrammarRules.All.SelectMany(rule => rule.Find(text)).OrderBy(c => c.Offset).ThenByDescending(c => c.Length))
        {
            if (found.Offset < end) continue;
            corrections.Add(found);
            end = found.Offset + found.Length;
        }

        return corrections;
    }

    /// <summary>The text with the corrections applied.</summary>
    public static string Apply(string text, IEnumerable<Correction> corrections)
    {
        foreach (var correction in corrections.OrderByDescending(c => c.Offset))
            text = string.Concat(text.AsSpan(0, correction.Offset), correction.Replacement, text.AsSpan(correction.Offset + correction.Length));
        return text;
    }
}
