using System.Security.Cryptography;
using System.Text;

namespace Xentree.Ai;

/// <summary>A passage to answer out of.</summary>
/// <param name="Title">The document's title, and the headings above the passage.</param>
/// <param name="Text">The passage.</param>
/// <param name="Answers">Its sentences that answer the question best, for who cannot read.</param>
public sealed record ChatSource(string Title, string Text, IReadOnlyList<string> Answers);

/// <summary>
/// Passages that an answer is to be made of. A passage is data: the code that delimits it is made up anew for each question, so nothing that
/// was written before can end a passage and go on as an instruction.
/// </summary>
/// <param name="Passages">The passages, numbered from 1 in this order.</param>
public sealed record ChatSources(IReadOnlyList<ChatSource> Passages)
{
    /// <summary>What an answer is where there is none.</summary>
    internal const string NotFound = "NOT FOUND";

    private const int CodeBytes = 8;

    /// <summary>What delimits the passages.</summary>
    internal string Code { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(CodeBytes));

    /// <summary>The turn that asks a question about them.</summary>
    public ChatTurn Ask(string question)
    {
        var prompt = new StringBuilder();
        foreach (var (index, passage) in Passages.Index())
            prompt.Append(Code).Append(' ').Append(index + 1).Append('\n').Append(passage.Title).Append("\n\n").Append(passage.Text).Append('\n').Append(Code).Append(" end\n\n");
        return new ChatTurn(Domain.Conversations.MessageRole.User, prompt.Append("Question: ").Append(question).ToString());
    }

    /// <summary>The answer of who cannot read: the best sentences, each as its own quote.</summary>
    internal string Extracts()
    {
        var lines = Passages.Index().SelectMany(passage => passage.Item.Answers.Select(sentence => $"{sentence} [{passage.Index + 1}] \"{sentence}\"")).ToList();
        return lines.Count == 0 ? NotFound : string.Join('\n', lines);
    }
}
