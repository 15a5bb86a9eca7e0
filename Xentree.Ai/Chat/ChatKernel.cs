using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Polly.Registry;
using Polly.Telemetry;
using Xentree.Ai.Local;
using Xentree.Domain.Conversations;

namespace Xentree.Ai;

/// <summary>
/// The kernel through which every chat goes: each provider is a chat service of it under the provider's id, a chat is an invocation of its
/// one function, tools are a plugin, and telemetry, budget and redaction are filters. It logs nothing: its logs would hold what people say.
/// </summary>
internal sealed class ChatKernel : IDisposable
{
    public const string UserLanguage = "user_language";
    public const string Provider = "provider";
    public const string History = "history";

    private const string Settings = "settings";

    private readonly KernelFunction _chat;
    private readonly AiOptions _options;
    private readonly TimeProvider _time;
    private readonly ServiceProvider _services;
    private readonly Dictionary<string, ProviderGate> _gates;

    public ChatKernel(IOptions<AiOptions> options, ResiliencePipelineRegistry<string> pipelines, IOptions<TelemetryOptions> telemetry, TutorAnswer tutor, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        Providers = ProviderSettings.Read(_options, out _);
        _gates = Providers.ToDictionary(p => p.Id, p => new ProviderGate(p, _options, pipelines, telemetry.Value, time));
        _chat = KernelFunctionFactory.CreateFromMethod(AnswerAsync, "chat", "Answers the last turn of a conversation.");

        var services = new ServiceCollection();
        foreach (var provider in Providers) services.AddKeyedSingleton(provider.Id, (_, _) => ProviderClients.ChatService(provider, tutor, _options, time));
        _services = services.BuildServiceProvider();
    }

    /// <summary>The providers, in the order in which <c>auto</c> asks them.</summary>
    public IReadOnlyList<Provider> Providers { get; }

    /// <summary>Whether a chat is invoked, which streams; else it is a tool.</summary>
    public static bool IsChat(FunctionInvocationContext context) => context.IsStreaming;

    /// <summary>Whether a provider is left alone because it failed too often.</summary>
    public bool IsResting(Provider provider) => _gates[provider.Id].IsResting;

    /// <summary>Asks a provider.</summary>
    public IAsyncEnumerable<ChatPiece> StreamAsync(Provider provider, ChatTurns turns, CancellationToken cancellation)
    {
        var prompt = SystemPrompt.Of(turns);
        var history = new ChatHistory(prompt);
        foreach (var turn in ChatWindow.Newest(turns.Turns, ChatWindow.Room(provider.DefaultModel, _options, prompt), TokenCount.Of)) history.AddMessage(Role(turn.Role), turn.Content);

        // A kernel is a light thing, and what belongs to one chat must not outlive it.
        var kernel = new Kernel(_services);
        kernel.FunctionInvocationFilters.Add(new TelemetryFilter(_time));
        // Around the budget: a refusal that comes in the middle of an answer is told to the model as a failure, and ends the chat.
        kernel.FunctionInvocationFilters.Add(new ToolFilter());
        if (turns.Budget is not null) kernel.FunctionInvocationFilters.Add(new BudgetFilter(turns.Budget));
        kernel.FunctionInvocationFilters.Add(new RedactionFilter());

        var mayCall = provider.HasTools && turns.Tools.Count > 0 && _options.ToolRounds > 0;
        if (mayCall) kernel.Plugins.Add(ToolPlugin.Of(turns.Tools));
        return kernel.InvokeStreamingAsync<ChatPiece>(
            _chat,
            new KernelArguments
            {
                [Provider] = provider,
                [History] = history,
                [Settings] = new PromptExecutionSettings
                {
                    ExtensionData = provider.IsHosted ? null : ForTheRules(turns),
                    FunctionChoiceBehavior = mayCall ? FunctionChoiceBehavior.Auto(autoInvoke: false) : null,
                },
            },
            cancellation);
    }

    public void Dispose()
    {
        _services.Dispose();
        foreach (var gate in _gates.Values) gate.Dispose();
    }

    private IAsyncEnumerable<ChatPiece> AnswerAsync(
        Kernel kernel, Provider provider, ChatHistory history, PromptExecutionSettings settings, CancellationToken cancellation) =>
        ProviderStream.ReadAsync(
            provider,
            _gates[provider.Id],
            TimeSpan.FromSeconds(_options.AnswerSeconds),
            token => kernel.GetRequiredService<IChatCompletionService>(provider.Id).GetStreamingChatMessageContentsAsync(history, settings, kernel, token),
            cancellation);

    private static Dictionary<string, object> ForTheRules(ChatTurns turns)
    {
        var settings = new Dictionary<string, object> { [UserLanguage] = turns.UserLanguage };
        if (turns.Passages is { } passages) settings[RulesTutor.Passages] = passages;
        if (turns.Sources is { } sources) settings[RulesTutor.Sources] = sources;
        return settings;
    }

    private static AuthorRole Role(MessageRole role) => role switch
    {
        MessageRole.Assistant => AuthorRole.Assistant,
        MessageRole.System => AuthorRole.System,
        _ => AuthorRole.User,
    };
}
