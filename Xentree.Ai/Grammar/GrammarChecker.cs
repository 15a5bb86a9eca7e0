using Xentree.Ai.Grammar;

namespace Xentree.Ai;

/// <summary>Finds errors in English: our own rules for what learners get wrong, and Harper for the rest where it can be asked.</summary>
public sealed class GrammarChecker
{
    private readonly LanguageServer _server;

    internal GrammarChecker(LanguageServer server) => _server = server;

    /// <summary>Checks a text. It never fails: where Harper does not answer, the report says so.</summary>
    /// <param name="text">The text; offsets in the report are into it.</param>
    /// <param name="language">The user's language: <c>en-GB</c> and its kin are compared with British English, all others with American.</param>
    /// <param name="cancellation">Ends the check.</param>
    public async Task<GrammarReport> CheckAsync(string text, string? language, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(text);

        var ours = Correction.In(text);
        if (!_server.IsConfigured) return new(ours, HarperAnswer.NotConfigured, 0);
        if (await _server.CheckAsync(text, EnglishDialects.Of(language), cancellation) is not { } harper) return new(ours, HarperAnswer.Unreachable, 0);

        var corrections = Merge(ours, HarperLints.WorthTelling(text, harper.Lints));
        return new(corrections, harper.Checked >= text.Length ? HarperAnswer.Whole : HarperAnswer.Partial, harper.Checked);
    }

    /// <summary>Of two that touch the same text, ours: its reason is written for learners. Of two of Harper's, the one that comes first.</summary>
    internal static IReadOnlyList<Correction> Merge(IReadOnlyList<Correction> ours, IEnumerable<Correction> harper)
    {
        var merged = new List<Correction>(ours);
        foreach (var found in harper.OrderBy(correction => correction.Offset).ThenByDescending(correction => correction.Length))
        {
            if (!merged.Any(found.Overlaps)) merged.Add(found);
        }

        return [.. merged.OrderBy(correction => correction.Offset)];
    }
}

/// <summary>What was found in a text, and who looked.</summary>
/// <param name="Corrections">The errors, in the text's order; none overlaps another.</param>
/// <param name="Harper">Whether Harper looked too.</param>
/// <param name="HarperRead">How much of the text Harper has read, in UTF-16 units.</param>
public sealed record GrammarReport(IReadOnlyList<Correction> Corrections, HarperAnswer Harper, int HarperRead);

/// <summary>Whether Harper looked at a text.</summary>
public enum HarperAnswer
{
    /// <summary>It read all of it.</summary>
    Whole,

    /// <summary>It read as much as it could in the time it has.</summary>
    Partial,

    /// <summary>It did not answer.</summary>
    Unreachable,

    /// <summary>This installation has none.</summary>
    NotConfigured,
}
