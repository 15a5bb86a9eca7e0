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
                yield return new Correction(match.Index, match.Length, match.Value, [LikeCase(match.Value, mended)], Name, Why) { Rule = this };
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
