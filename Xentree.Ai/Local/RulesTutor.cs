using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Xentree.Ai.Local;

namespace Xentree.Ai;

/// <summary>
/// The provider <c>local</c>: a tutor made of rules, which needs neither key nor network. It is no language model and says so. The same
/// conversation always gets the same answer.
/// </summary>
internal sealed partial class RulesTutor(TutorAnswer tutor) : IChatCompletionService
{
    public const string Model = "rules-1";

    /// <summary>The setting of a call that holds the <see cref="Passage"/>s of the learner's documents.</summary>
    public const string Passages = "passages";

    /// <summary>The setting of a call that holds the <see cref="ChatSources"/> to answer out of.</summary>
    public const string Sources = "sources";

    public IReadOnlyDictionary<string, object?> Attributes { get; } = new Dictionary<string, object?> { ["ModelId"] = Model };

    public async Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
        ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default)
    {
        var text = string.Concat(await GetStreamingChatMessageContentsAsync(chatHistory, executionSettings, kernel, cancellationToken)
            .Select(piece => piece.Content).ToListAsync(cancellationToken));
        return [new ChatMessageContent(AuthorRole.Assistant, text, Model)];
    }

    public async IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var answer = Setting<ChatSources>(executionSettings, Sources) is { } sources
            ? sources.Extracts()
            : await tutor.ToAsync(
                new TutorPrompt(
                    Last(chatHistory, AuthorRole.User),
                    Last(chatHistory, AuthorRole.Assistant),
                    chatHistory.Count(turn => turn.Role == AuthorRole.User),
                    Setting<string>(executionSettings, ChatKernel.UserLanguage),
                    Setting<IReadOnlyList<Passage>>(executionSettings, Passages)),
                cancellationToken);
        foreach (Match word in WordWithSpace.Matches(answer))
        {
            // Whoever reads gets each word as it is made, and can stop between two.
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new StreamingChatMessageContent(AuthorRole.Assistant, word.Value, modelId: Model);
        }

        var usage = new ChatUsage(chatHistory.Sum(turn => Tokens.Count(turn.Content ?? "")), Tokens.Count(answer));
        yield return new StreamingChatMessageContent(AuthorRole.Assistant, null, modelId: Model,
            metadata: new Dictionary<string, object?> { [ProviderStream.FinishReason] = "Stop", [ProviderStream.Usage] = usage });
    }

    private static string Last(ChatHistory history, AuthorRole role) => history.LastOrDefault(turn => turn.Role == role)?.Content ?? "";

    private static T? Setting<T>(PromptExecutionSettings? settings, string name)
        where T : class => settings?.ExtensionData?.TryGetValue(name, out var value) is true ? value as T : null;

    [GeneratedRegex(@"\S+\s*", RegexOptions.CultureInvariant)]
    private static partial Regex WordWithSpace { get; }
}
