using System.Text.RegularExpressions;

namespace Xentree.Ai.Local;

/// <summary>What a learner asks the tutor to do. Whatever else a message says is text to be corrected, and never an instruction.</summary>
internal abstract partial record TutorRequest
{
    private const int MaxRequestWords = 20;

    /// <summary>Says hello, and nothing else.</summary>
    public sealed record Greeting : TutorRequest;

    /// <summary>Asks what the tutor is or can do.</summary>
    public sealed record Introduction : TutorRequest;

    /// <summary>Asks what a word means, or for words of the same meaning.</summary>
    public sealed record Meaning(string Word, bool IsSynonyms) : TutorRequest;

    /// <summary>Wants an exercise.</summary>
    public sealed record Practice(ExerciseTopic Topic) : TutorRequest;

    /// <summary>Does not know the answer to the exercise, or wants the next one.</summary>
    public sealed record Skip : TutorRequest;

    /// <summary>Wants no more exercises.</summary>
    public sealed record Stop : TutorRequest;

    /// <summary>Reads a message; null where it asks for nothing of this.</summary>
    public static TutorRequest? In(string message)
    {
        var text = message.Trim();
        if (Tokens.Words(text) is 0 or > MaxRequestWords) return null;
        if (Synonyms.Match(text) is { Success: true } synonyms) return new Meaning(WordOf(synonyms), true);
        if (Meanings.Match(text) is { Success: true } meaning) return new Meaning(WordOf(meaning), false);
        if (Greetings.IsMatch(text)) return new Greeting();
        if (Introductions.IsMatch(text)) return new Introduction();
        if (Practices.IsMatch(text)) return new Practice(ExerciseBook.Asked(text));
        if (Skips.IsMatch(text)) return new Skip();
        return Stops.IsMatch(text) ? new Stop() : null;
    }

    private static string WordOf(Match match) => match.Groups["word"].Value.Trim().Trim('"', '“', '”', '\'', '‘', '’', '«', '»', '*', '`').Trim();

    private const string AWord = """["“'‘*«`]?(?<word>[\p{L}][\p{L}'’\-]*(?:\s+[\p{L}][\p{L}'’\-]*){0,3}?)["”'’*»`]?""";

    [GeneratedRegex(@"(?:^|\b)(?:synonyms?|another\s+word|other\s+words?)\s+(?:of|for|to)\s+(?:the\s+word\s+)?" + AWord + @"\s*(?:please)?\s*[?.!]*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Synonyms { get; }

    [GeneratedRegex(
        @"(?:^define\s+(?:the\s+word\s+)?" + AWord + @"|\bwhat\s+(?:does|do)\s+(?:the\s+words?\s+)?" + AWord + @"\s+mean|\b(?:definition|meaning)\s+of\s+(?:the\s+word\s+)?" + AWord
        + @"|^what(?:\s+is|['’]s|\s+are)\s+an?\s+" + AWord + @")(?:\s+in\s+english)?(?:,?\s*please)?\s*[?.!]*$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Meanings { get; }

    [GeneratedRegex(@"^(?:hi|hello|hey|hiya|good\s+(?:morning|afternoon|evening|day))(?:\s+(?:there|tutor|xentree|everyone|teacher))?\s*[!.,?]*(?:\s*how\s+are\s+you(?:\s+today)?\s*[?!.]*)?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Greetings { get; }

    [GeneratedRegex(@"^(?:(?:so|and|hi|hello|hey)[\s,!]+)?(?:who|what)\s+are\s+you\b|^are\s+you\s+(?:an?\s+)?(?:human|person|robot|bot|ai|real|chatgpt|language\s+model|teacher|machine)|^what\s+can\s+you\s+do|^how\s+can\s+you\s+help|^help[?!.]*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Introductions { get; }

    [GeneratedRegex(@"\b(?:give|want|need|have|get|make|do|try|another|more|next|an?|some|with)\b.{0,40}\b(?:exercise|exercises|quiz|drill|task)\b|^(?:an?\s+)?(?:exercises?|quiz)\b|^(?:(?:can|could|shall|may)\s+(?:we|i|you)\s+|let['’]?s\s+|i\s+(?:want|would\s+like|need)\s+to\s+|please\s+|help\s+me\s+)?practi[cs]e\b|^test\s+me\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Practices { get; }

    [GeneratedRegex(@"^(?:i\s+do\s*n['’]?t\s+know|no\s+idea|skip(?:\s+it|\s+this)?|pass|next(?:\s+one)?|another(?:\s+one)?|(?:tell|show)\s+me(?:\s+the\s+answer)?)[\s.!?,]*(?:please)?[.!]*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Skips { get; }

    [GeneratedRegex(@"^(?:stop|enough|no\s+more|no,?\s+thanks?(?:\s+you)?|that['’]?s\s+enough|quit|finish|the\s+end)(?:\s+(?:it|now|please|exercises?))*[\s.!]*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Stops { get; }
}
