namespace Xentree.Domain.Knowledge;

/// <summary>A heading or a paragraph of a document, in reading order.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Level">The level of a heading, from 1; 0 for anything else.</param>
/// <param name="Page">The page on which it begins, from 1; null where the format has no pages.</param>
public readonly record struct TextBlock(string Text, int Level = 0, int? Page = null);

/// <summary>A part of a document that is found and quoted as one.</summary>
/// <param name="Ordinal">Its place, from 0.</param>
/// <param name="Heading">The headings above it, outermost first.</param>
/// <param name="Page">The page on which it begins.</param>
/// <param name="Content">Its words, as they stand in the document.</param>
/// <param name="Tokens">About how many tokens a model sees in it.</param>
public sealed record Passage(int Ordinal, string? Heading, int? Page, string Content, int Tokens)
{
    /// <summary>What its meaning is taken from: a passage is often about what only its heading names.</summary>
    public string Meaning => MeaningOf(Heading, Content);

    /// <summary>What the meaning of a passage is taken from.</summary>
    public static string MeaningOf(string? heading, string content) => heading is null ? content : $"{heading}\n{content}";
}
