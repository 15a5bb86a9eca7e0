using System.ClientModel;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;
using OpenAI.Chat;

namespace Xentree.Ai;

/// <summary>
/// Answers conversations with the providers that are configured. Asked for <see cref="Auto"/> it takes the first that is available, and
/// passes over one that fails before its first word; after the first word a failure is a failure, because half of the answer is out.
/// </summary>
public sealed partial class ChatRouter
{
    /// <summary>Stands for whichever provider comes first.</summary>
    public const string Auto = "auto";

    private readonly ChatKernel _kernel;
    private readonly AiOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ChatRouter> _logger;

    internal ChatRouter(ChatKernel kernel, AiOptions options, TimeProvider time, ILogger<ChatRouter> logger)
    {
        (_kernel, _options, _time, _logger) = (kernel, options, time, logger);
        var first = kernel.Providers.FirstOrDefault(provider => provider.IsAvailable);
        Providers = [.. kernel.Providers.Select(p => new ProviderDescription(p.Id, p.Name, p.Models, p.DefaultModel, p.IsAvailable, p == first, p.Capabilities))];
    }

    /// <summary>The providers, in the order in which <see cref="Auto"/> asks them.</summary>
    public IReadOnlyList<ProviderDescription> Providers { get; }

    /// <summary>Whether <paramref name="provider"/> is <see cref="Auto"/> or the id of a provider.</summary>
    public bool Knows(string provider) => provider == Auto || _kernel.Providers.Any(p => p.Id == provider);

    /// <summary>Why nobody can be asked, with what to configure; null where somebody can.</summary>
    public string? WhyUnavailable(string provider) =>
        Candidates(provider).Any() ? null
        : provider == Auto ? "No AI provider is available: configure one in AI:Providers."
        : $"The provider {provider} is not available: set AI:Providers:{provider}:Key.";

    /// <summary>Answers the last turn, piece by piece; the last piece tells the usage. Cancelling stops the provider.</summary>
    /// <exception cref="ChatFailedException">Nobody could be asked, or who was asked failed.</exception>
    public async IAsyncEnumerable<ChatDelta> StreamAsync(string provider, ChatTurns turns, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (WhyUnavailable(provider) is { } reason) throw new ChatFailedException(reason, isUnavailable: true);

        var candidates = Candidates(provider).ToArray();
        var sent = turns.Newest(_options.PromptCharacters).ToArray();
        foreach (var candidate in candidates)
        {
            var isLast = candidate == candidates[^1];
            using var activity = AiTelemetry.StartChat(candidate);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var since = _time.GetTimestamp();
            var (said, isFinished, usage) = (false, false, default(ChatUsage));
            string? failure = null;

            await using var answer = _kernel.StreamAsync(candidate, sent, turns.UserLanguage, patience.Token).GetAsyncEnumerator(patience.Token);
            while (failure is null)
            {
                StreamingChatMessageContent? piece = null;
                try
                {
                    patience.CancelAfter(TimeSpan.FromSeconds(_options.SilenceSeconds));
                    piece = await answer.MoveNextAsync() ? answer.Current : null;
                    patience.CancelAfter(Timeout.InfiniteTimeSpan);
                }
                catch (Exception) when (cancellation.IsCancellationRequested)
                {
                    throw new OperationCanceledException(cancellation);
                }
                catch (Exception exception)
                {
                    failure = patience.IsCancellationRequested ? "timeout" : Reason(exception);
                    break;
                }

                if (piece is null)
                {
                    // A stream that was cut cleanly looks like its end, but for the reason that every whole answer ends with.
                    failure = !said ? "empty" : !isFinished ? "cut" : null;
                    break;
                }

                isFinished |= piece.Metadata?.GetValueOrDefault("FinishReason") is not null;
                usage = Usage(piece) ?? usage;
                if (_time.GetElapsedTime(since) > TimeSpan.FromSeconds(_options.AnswerSeconds)) failure = "timeout";
                else if (piece.Content is { Length: > 0 } content)
                {
                    if (!said) AiTelemetry.Started(candidate, _time.GetElapsedTime(since));
                    said = true;
                    yield return new ChatDelta(candidate.Id, candidate.DefaultModel, content);
                }
            }

            if (failure is null)
            {
                if (usage is not null) AiTelemetry.Used(activity, candidate, usage);
                yield return new ChatDelta(candidate.Id, candidate.DefaultModel, "", usage);
                yield break;
            }

            AiTelemetry.Failed(activity, candidate, failure);
            LogFailed(candidate.Id, failure, said);
            if (said) throw new ChatFailedException($"The provider {candidate.Id} stopped in the middle of its answer.", isUnavailable: false);
            if (isLast) throw new ChatFailedException($"The provider {candidate.Id} did not answer.", isUnavailable: false);
        }
    }

    private IEnumerable<Provider> Candidates(string provider) => _kernel.Providers.Where(p => p.IsAvailable && (provider == Auto || p.Id == provider));

    private static ChatUsage? Usage(StreamingChatMessageContent piece) => piece.Metadata?.GetValueOrDefault("Usage") switch
    {
        ChatUsage usage => usage,
        ChatTokenUsage usage => new ChatUsage(usage.InputTokenCount, usage.OutputTokenCount),
        _ => null,
    };

    // A name for logs and metrics. The exception itself may quote the conversation or a part of the key.
    private static string Reason(Exception exception) => exception switch
    {
        HttpOperationException { StatusCode: { } status } => Status((int)status),
        ClientResultException { Status: > 0 and var status } => Status(status),
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } => error.ToString(),
        _ when exception.InnerException is { } inner => Reason(inner),
        _ => exception.GetType().Name,
    };

    private static string Status(int status) => $"http_{status}";

    [LoggerMessage(LogLevel.Warning, "The AI provider {Provider} failed: {Reason} (after its first word: {Said})")]
    private partial void LogFailed(string provider, string reason, bool said);
}
