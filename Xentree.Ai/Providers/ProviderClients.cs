using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic;
using Azure.AI.OpenAI;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel.ChatCompletion;
using OllamaSharp;
using OpenAI;
using Xentree.Ai.Local;

namespace Xentree.Ai;

/// <summary>Makes a chat service of Semantic Kernel for each kind of provider, all over one kind of HTTP client and without tries of their own.</summary>
internal static class ProviderClients
{
    // A server of one's own that wants no key does not look at it.
    private const string NoKey = "none";

    /// <summary>The chat service of a provider; its function calls go through the kernel, so that its filters see them.</summary>
    public static IChatCompletionService ChatService(Provider provider, TutorAnswer tutor, AiOptions options, TimeProvider time) => provider.IsHosted
        ? new ModelClient(Client(provider, time), provider)
            .AsBuilder()
            .UseFunctionInvocation(configure: functions =>
            {
                // After so many requests a last one may not call tools.
                functions.MaximumIterationsPerRequest = Math.Max(1, options.ToolRounds);
                functions.IncludeDetailedErrors = false;
            })
            .Build()
            .AsChatCompletionService()
        : new RulesTutor(tutor);

    private static IChatClient Client(Provider provider, TimeProvider time)
    {
        var address = provider.Address!;
        var key = provider.Key ?? NoKey;
        if (provider.Kind == ProviderKind.Anthropic)
        {
            return new AnthropicClient
            {
                ApiKey = key,
                BaseUrl = address.ToString().TrimEnd('/'),
                HttpClient = ProviderHttp.Client(time),
                MaxRetries = 0,
                Timeout = Timeout.InfiniteTimeSpan,
            }.AsIChatClient(provider.DefaultModel.Name, provider.DefaultModel.AnswerTokens);
        }

        if (provider.Kind == ProviderKind.Ollama) return new OllamaApiClient(ProviderHttp.Client(time, address), provider.DefaultModel.Name);

        var client = provider.Kind == ProviderKind.AzureOpenAI
            ? new AzureOpenAIClient(address, new ApiKeyCredential(key), Over(time, new AzureOpenAIClientOptions()))
            : new OpenAIClient(new ApiKeyCredential(key), Over(time, new OpenAIClientOptions { Endpoint = address }));
        return client.GetChatClient(provider.DefaultModel.Name).AsIChatClient();
    }

    private static T Over<T>(TimeProvider time, T options)
        where T : ClientPipelineOptions
    {
        options.Transport = new HttpClientPipelineTransport(ProviderHttp.Client(time));
        // The gate decides how long to wait, and what to try again.
        options.RetryPolicy = new ClientRetryPolicy(maxRetries: 0);
        options.NetworkTimeout = Timeout.InfiniteTimeSpan;
        return options;
    }
}
