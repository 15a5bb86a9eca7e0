using Xentree.Ai.Local;

namespace Xentree.Ai;

/// <summary>An error in what a learner wrote, and what is right there.</summary>
/// <param name="Offset">Where it begins, in UTF-16 units.</param>
/// <param name="Length">How long it is, in UTF-16 units.</param>
/// <param name="Message">Why it is wrong, in a sentence.</param>
/// <param name="Replacement">What should stand there.</param>
/// <param name="Category">What it is about, in a few words.</param>
public sealed record TextCorrection(int Offset, int Length, string Message, string Replacement, string Category)
{
    /// <summary>What the rules of the provider <c>local</c> find in a text, in its order. They need neither key nor network, and prefer to miss an error than to blame what is right.</summary>
    /// <param name="text">The text.</param>
    public static IReadOnlyList<TextCorrection> In(string text) =>
        [.. Correction.In(text).Select(found => new TextCorrection(found.Offset, found.Length, found.Rule.Why, found.Replacement, found.Rule.Name))];
}
