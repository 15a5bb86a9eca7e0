using System.Text;

namespace Xentree.Domain.Knowledge;

/// <summary>
/// Splits a document into passages: along its headings, then so that none has more tokens than a model takes in at once. Paragraphs
/// stay whole where they fit, sentences where they do not, and only a sentence that is too long itself is cut between two words.
/// </summary>
/// <param name="countTokens">About how many tokens a text has.</param>
/// <param name="maxTokens">How many a passage may have.</param>
public sealed class PassageSplitter(Func<string, int> countTokens, int maxTokens = PassageSplitter.DefaultTokens)
{
    /// <summary>What leaves room for the headings in the 256 tokens that small models read.</summary>
    public const int DefaultTokens = 200;

    /// <summary>The greatest length of <see cref="Passage.Heading"/>.</summary>
    public const int MaxHeading = 300;

    private const string Between = " › ";
    private const char Ellipsis = '…';

    /// <summary>Splits the blocks of a document.</summary>
    public IEnumerable<Passage> Split(IEnumerable<TextBlock> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var headings = new SortedDictionary<int, string>();
        var (content, tokens, page, ordinal) = (new StringBuilder(), 0, (int?)null, 0);
        // A heading with nothing below it is all that its section says.
        TextBlock? bare = null;

        foreach (var block in blocks)
        {
            var text = block.Text.Trim();
            if (text.Length == 0) continue;

            if (block.Level > 0)
            {
                if (content.Length > 0) yield return Take();
                if (bare is { } empty && empty.Level >= block.Level) yield return TakeBare(empty);
                foreach (var below in headings.Keys.Where(level => level >= block.Level).ToList()) headings.Remove(below);
                headings[block.Level] = text;
                bare = block;
                continue;
            }

            bare = null;
            var isFirst = true;
            foreach (var (piece, size) in Pieces(text))
            {
                // A page break ends a passage that says something already, so that the page of a hit is the page it is on.
                var turns = block.Page != page && tokens >= maxTokens / 2;
                if (content.Length > 0 && (tokens + size > maxTokens || turns)) yield return Take();
                if (content.Length == 0) page = block.Page;
                else content.Append(isFirst ? "\n\n" : " ");
                content.Append(piece);
                tokens += size;
                isFirst = false;
            }
        }

        if (content.Length > 0) yield return Take();
        if (bare is { } last) yield return TakeBare(last);

        Passage Take()
        {
            var passage = new Passage(ordinal++, Path(headings.Values), page, content.ToString(), tokens);
            content.Clear();
            tokens = 0;
            return passage;
        }

        Passage TakeBare(TextBlock heading)
        {
            var above = headings.Where(pair => pair.Key < heading.Level).Select(pair => pair.Value);
            return new(ordinal++, Path(above), heading.Page, Cut(heading.Text.Trim(), MaxHeading), countTokens(heading.Text));
        }
    }

    private static string? Path(IEnumerable<string> headings)
    {
        var path = string.Join(Between, headings);
        return path.Length == 0 ? null : Cut(path, MaxHeading);
    }

    private static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;

        var end = length - 1;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return text[..end] + Ellipsis;
    }

    private IEnumerable<(string Text, int Tokens)> Pieces(string paragraph)
    {
        var tokens = countTokens(paragraph);
        if (tokens <= maxTokens) return [(paragraph, tokens)];

        return Sentences.Of(paragraph).SelectMany(sentence =>
        {
            var size = countTokens(sentence);
            return size <= maxTokens ? [(sentence, size)] : Cuts(sentence, size);
        });
    }

    private IEnumerable<(string Text, int Tokens)> Cuts(string sentence, int tokens)
    {
        var rest = sentence;
        while (tokens > maxTokens)
        {
            var (head, size) = Head(rest, tokens);
            yield return (head, size);
            rest = rest[head.Length..].TrimStart();
            tokens = rest.Length == 0 ? 0 : countTokens(rest);
        }

        if (rest.Length > 0) yield return (rest, tokens);
    }

    private (string Text, int Tokens) Head(string text, int tokens)
    {
        var length = Math.Max(2, (int)((long)text.Length * maxTokens / tokens));
        while (true)
        {
            var end = Math.Min(length, text.Length);
            var blank = text.LastIndexOf(' ', end - 1, end);
            if (blank > 0) end = blank;
            else if (end > 1 && char.IsHighSurrogate(text[end - 1])) end--;

            var head = text[..end];
            var size = countTokens(head);
            if (size <= maxTokens || length <= 2) return (head.TrimEnd() is { Length: > 0 } words ? words : head, size);

            length = length * 3 / 4;
        }
    }
}
