using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Xentree.Ai;

/// <summary>
/// One model of a provider: says which model and how long an answer may be, and puts usage and end of each request where
/// <see cref="ProviderStream"/> finds them, whatever the provider's library calls them.
/// </summary>
internal sealed class ModelClient(IChatClient inner, Provider provider) : DelegatingChatClient(inner)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var model = provider.DefaultModel;
        var asked = options?.Clone() ?? new ChatOptions();
        asked.ModelId = model.Name;
        asked.MaxOutputTokens = model.AnswerTokens;
        // Ollama cuts a prompt off without a word unless it is told how long one may be.
        if (provider.Kind == ProviderKind.Ollama) (asked.AdditionalProperties ??= [])["num_ctx"] = model.ContextTokens;

        var (prompt, completion, isCounted, calls) = (0L, 0L, false, false);
        await foreach (var update in base.GetStreamingResponseAsync(messages, asked, cancellationToken))
        {
            foreach (var used in update.Contents.OfType<UsageContent>())
            {
                (prompt, completion, isCounted) = (prompt + (used.Details.InputTokenCount ?? 0), completion + (used.Details.OutputTokenCount ?? 0), true);
            }

            // A model that ends in order to call a tool has not answered yet; not all of them say why they end.
            calls |= update.Contents.Any(content => content is FunctionCallContent);
            if (update.FinishReason is { } reason && reason != ChatFinishReason.ToolCalls && !calls) (update.AdditionalProperties ??= [])[ProviderStream.FinishReason] = reason.Value;
            yield return update;
        }

        if (isCounted)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [])
            {
                AdditionalProperties = new() { [ProviderStream.Usage] = new ChatUsage((int)prompt, (int)completion) },
            };
        }
    }
}
