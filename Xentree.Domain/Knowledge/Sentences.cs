namespace Xentree.Domain.Knowledge;

/// <summary>Splits texts into sentences, each as it stands.</summary>
public static class Sentences
{
    /// <summary>The sentences of a text. One ends at a mark that ends sentences and is followed by a blank, or at the end of a line.</summary>
    public static IEnumerable<string> Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var ends = text[at] is '\n' or '。' or '！' or '？'
                || (text[at] is ' ' && at > 0 && EndsSentence(text, at - 1) && at + 1 < text.Length && !char.IsLower(text[at + 1]));
            if (!ends) continue;

            var sentence = text[start..(at + 1)].Trim();
            if (sentence.Length > 0) yield return sentence;
            start = at + 1;
        }

        var rest = text[start..].Trim();
        if (rest.Length > 0) yield return rest;
    }

    private static bool EndsSentence(string text, int at)
    {
        while (at > 0 && text[at] is '"' or '”' or '’' or '»' or ')' or ']') at--;
        return text[at] is '.' or '!' or '?' or '…';
    }
}
