using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using OpenAI;
using Xentree.Ai.Local;
using Xentree.Domain.Conversations;

namespace Xentree.Ai;

/// <summary>
/// The kernel through which every chat goes: each provider is a chat service of it under the provider's id, and a chat is an invocation
/// of its one function, so that filters and plugins of the kernel see all chats. It logs nothing: its logs would hold what people say.
/// </summary>
internal sealed class ChatKernel : IDisposable
{
    public const string UserLanguage = "user_language";

    private static readonly KernelFunction Chat = KernelFunctionFactory.CreateFromMethod(AnswerAsync, "chat", "Answers the last turn of a conversation.");

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        // A redirect could carry the key to another address.
        AllowAutoRedirect = false,
        // An answer that nobody waits for is cut off; reading on to save the connection would let the model write on.
        MaxResponseDrainSize = 0,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly Kernel _kernel;

    public ChatKernel(IOptions<AiOptions> options, TutorAnswer tutor)
    {
        Providers = Provider.Read(options.Value, out _);
        var builder = Kernel.CreateBuilder();
        foreach (var provider in Providers) builder.Services.AddKeyedSingleton(provider.Id, Service(provider, tutor));
        _kernel = builder.Build();
    }

    /// <summary>The providers, in the order in which <c>auto</c> asks them.</summary>
    public IReadOnlyList<Provider> Providers { get; }

    /// <summary>Asks a provider.</summary>
    public IAsyncEnumerable<StreamingChatMessageContent> StreamAsync(
        Provider provider, IEnumerable<ChatTurn> turns, string userLanguage, CancellationToken cancellation)
    {
        var history = new ChatHistory(SystemPrompt.For(userLanguage));
        foreach (var turn in turns) history.AddMessage(Role(turn.Role), turn.Content);

        return _kernel.InvokeStreamingAsync<StreamingChatMessageContent>(
            Chat,
            new KernelArguments
            {
                ["provider"] = provider.Id,
                ["history"] = history,
                ["settings"] = new PromptExecutionSettings { ExtensionData = new Dictionary<string, object> { [UserLanguage] = userLanguage } },
            },
            cancellation);
    }

    public void Dispose() => _http.Dispose();

    private static IAsyncEnumerable<StreamingChatMessageContent> AnswerAsync(
        Kernel kernel, string provider, ChatHistory history, PromptExecutionSettings settings, CancellationToken cancellation) =>
        kernel.GetRequiredService<IChatCompletionService>(provider).GetStreamingChatMessageContentsAsync(history, settings, kernel, cancellation);

    private IChatCompletionService Service(Provider provider, TutorAnswer tutor) => provider.Kind == ProviderKind.Local
        ? new RulesTutor(tutor)
        : new OpenAIChatCompletionService(provider.DefaultModel, new OpenAIClient(
            // A server of one's own that wants no key does not look at it.
            new ApiKeyCredential(provider.Key ?? "none"),
            new OpenAIClientOptions
            {
                Endpoint = provider.Endpoint,
                Transport = new HttpClientPipelineTransport(_http),
                // The router decides how long to wait and whom to ask next.
                RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
                NetworkTimeout = Timeout.InfiniteTimeSpan,
            }));

    private static AuthorRole Role(MessageRole role) => role switch
    {
        MessageRole.Assistant => AuthorRole.Assistant,
        MessageRole.System => AuthorRole.System,
        _ => AuthorRole.User,
    };
}
