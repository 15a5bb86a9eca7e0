using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Xentree.Ai;

/// <summary>
/// Answers conversations with the providers that are configured. Asked for <see cref="Auto"/> it takes the first that can do what the
/// conversation needs, and passes over one that fails before its first word; after the first word a failure is a failure, because half of
/// the answer is out.
/// </summary>
public sealed partial class ChatRouter
{
    /// <summary>Stands for whichever provider comes first.</summary>
    public const string Auto = "auto";

    /// <summary>The provider that answers by rules, without a language model.</summary>
    public const string Local = Provider.LocalId;

    /// <summary>Its model.</summary>
    public const string LocalModel = RulesTutor.Model;

    private readonly ChatKernel _kernel;
    private readonly ILogger<ChatRouter> _logger;

    internal ChatRouter(ChatKernel kernel, ILogger<ChatRouter> logger) => (_kernel, _logger) = (kernel, logger);

    /// <summary>The providers, in the order in which <see cref="Auto"/> asks them, as they are just now.</summary>
    public IReadOnlyList<ProviderDescription> Providers
    {
        get
        {
            var first = _kernel.Providers.FirstOrDefault(IsAvailable);
            return [.. _kernel.Providers.Select(p => new ProviderDescription(
                p.Id, p.Name, [.. p.Models.Select(m => m.Name)], p.DefaultModel.Name, IsAvailable(p), p == first, p.Capabilities))];
        }
    }

    /// <summary>Whether a language model can be asked, and not rules alone.</summary>
    public bool HasModel => _kernel.Providers.Any(p => p.IsHosted && IsAvailable(p));

    /// <summary>Whether <paramref name="provider"/> is <see cref="Auto"/> or the id of a provider.</summary>
    public bool Knows(string provider) => provider == Auto || _kernel.Providers.Any(p => p.Id == provider);

    /// <summary>Why nobody can be asked, with what to do about it; null where somebody can.</summary>
    public string? WhyUnavailable(string provider)
    {
        var asked = Asked(provider).ToList();
        return asked.Any(IsAvailable) ? null
            : asked.Any(p => p.IsConfigured) ? $"{(provider == Auto ? "Every AI provider" : $"The provider {provider}")} failed several times and is left alone for a moment; try again shortly."
            : provider == Auto ? "No AI provider is available: configure one in AI:Providers."
            : $"The provider {provider} is not available: set AI:Providers:{provider}:Key.";
    }

    /// <summary>
    /// Answers the last turn, piece by piece; a piece without text says that a provider is asked now, and the last piece tells the usage.
    /// Cancelling stops the provider.
    /// </summary>
    /// <exception cref="ChatFailedException">Nobody could be asked, or who was asked failed.</exception>
    public async IAsyncEnumerable<ChatDelta> StreamAsync(string provider, ChatTurns turns, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (WhyUnavailable(provider) is { } reason) throw new ChatFailedException(reason, isUnavailable: true);

        var candidates = Asked(provider).Where(p => IsAvailable(p) && Can(p, turns)).ToArray();
        if (candidates.Length == 0) throw new ChatFailedException("The message is longer than an available model can take, or needs a model with tools.", isUnavailable: true);

        foreach (var candidate in candidates)
        {
            var said = false;
            ProviderFailure? failure = null;
            await using var answer = _kernel.StreamAsync(candidate, turns, cancellation).GetAsyncEnumerator(cancellation);
            while (true)
            {
                try
                {
                    if (!await answer.MoveNextAsync()) yield break;
                }
                catch (Exception) when (cancellation.IsCancellationRequested)
                {
                    throw new OperationCanceledException(cancellation);
                }
                catch (ProviderFailure thrown)
                {
                    failure = thrown;
                    break;
                }

                var (text, usage) = answer.Current;
                said |= text.Length > 0;
                yield return new ChatDelta(candidate.Id, candidate.DefaultModel.Name, text, usage);
            }

            if (said)
            {
                LogBrokeOff(candidate.Id, failure.Reason);
                throw new ChatFailedException($"The provider {candidate.Id} stopped in the middle of its answer.", isUnavailable: false);
            }

            if (candidate == candidates[^1])
            {
                LogFailed(candidate.Id, failure.Reason);
                throw failure.WasNotAsked
                    ? new ChatFailedException($"The provider {candidate.Id} cannot take more at the moment; try again shortly.", isUnavailable: true)
                    : new ChatFailedException($"The provider {candidate.Id} did not answer.", isUnavailable: false);
            }

            LogPassedOver(candidate.Id, failure.Reason);
            AiTelemetry.PassedOver(candidate, failure.Reason);
        }
    }

    private IEnumerable<Provider> Asked(string provider) => _kernel.Providers.Where(p => provider == Auto || p.Id == provider);

    private bool IsAvailable(Provider provider) => provider.IsConfigured && !_kernel.IsResting(provider);

    private static bool Can(Provider provider, ChatTurns turns) =>
        (provider.HasTools || !turns.NeedsTools) && (provider.IsHosted || turns.Instruction is null) && ChatWindow.Holds(provider.DefaultModel, turns, SystemPrompt.Of(turns));

    [LoggerMessage(LogLevel.Warning, "The AI provider {Provider} was passed over: {Reason}")]
    private partial void LogPassedOver(string provider, string reason);

    [LoggerMessage(LogLevel.Warning, "The AI provider {Provider} failed before its first word: {Reason}")]
    private partial void LogFailed(string provider, string reason);

    [LoggerMessage(LogLevel.Warning, "The AI provider {Provider} broke off its answer: {Reason}")]
    private partial void LogBrokeOff(string provider, string reason);
}
