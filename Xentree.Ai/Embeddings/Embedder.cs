using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.SemanticKernel;
using OpenAI;

namespace Xentree.Ai;

/// <summary>The model that takes meanings gave none; nothing of the text is in the message.</summary>
public sealed class EmbeddingFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Takes the meaning of texts as vectors: texts that mean the same have vectors whose product is near 1. The model is the one that
/// the settings name; nothing is loaded and nobody is asked before the first text.
/// </summary>
public sealed partial class Embedder : IDisposable
{
    /// <summary>Whoever asks a question waits no longer for its meaning: it can be answered by its words.</summary>
    private static readonly TimeSpan QuestionPatience = TimeSpan.FromSeconds(10);

    /// <summary>A text without blanks counts for at least one token in so many characters, whatever a tokenizer makes of it.</summary>
    private const int MaxCharactersPerToken = 8;

    private readonly IEmbeddingGenerator<string, Embedding<float>>? _generator;
    private readonly HttpClient? _http;
    private readonly TimeSpan _timeout = Timeout.InfiniteTimeSpan;
    private readonly ILogger<Embedder> _logger;

    internal Embedder(EmbeddingOptions options, ILogger<Embedder> logger)
    {
        _logger = logger;
        switch (options.Kind)
        {
            case "none":
                break;
            case "local":
                Model = MiniLMEmbeddings.Model;
                _generator = new MiniLMEmbeddings(options.Threads);
                break;
            default:
                // The number of dimensions is a part of the name: vectors of another length are of another model.
                Model = options.Dimensions is { } dimensions ? $"{options.Model}@{dimensions}" : options.Model!;
                _timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
                // A redirect could carry the key to another address.
                _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
                _generator = Hosted(options, _http);
                break;
        }
    }

    /// <summary>The name of the model; null where there is none. Only vectors of the same model can be compared.</summary>
    public string? Model { get; }

    /// <summary>About how many tokens a text has.</summary>
    public static int CountTokens(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Math.Max(MiniLMEmbeddings.Tokenizer.Value.CountTokens(text), text.Length / MaxCharactersPerToken);
    }

    /// <summary>Takes the meaning of texts; the vectors have length 1 and come in the order of the texts.</summary>
    /// <exception cref="EmbeddingFailedException">A hosted model did not answer, or not usefully.</exception>
    public async Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (_generator is null) throw new InvalidOperationException("No model for embeddings is configured.");
        if (texts.Count == 0) return [];

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_timeout);
        GeneratedEmbeddings<Embedding<float>> embeddings;
        try
        {
            embeddings = await _generator.GenerateAsync(texts, cancellationToken: limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new EmbeddingFailedException($"The embedding model {Model} did not answer in time.", exception);
        }
        catch (Exception exception) when (exception is ClientResultException or HttpRequestException or IOException or HttpOperationException)
        {
            throw new EmbeddingFailedException($"The embedding model {Model} failed: {Reason(exception)}.", exception);
        }

        if (embeddings.Count != texts.Count) throw new EmbeddingFailedException($"The embedding model {Model} answered {embeddings.Count} vectors for {texts.Count} texts.");

        return [.. embeddings.Select(embedding => Normalised(embedding.Vector.ToArray()))];
    }

    /// <summary>Takes the meaning of a question; null where there is no model, or it gives none now.</summary>
    public async Task<float[]?> TryEmbedAsync(string question, CancellationToken cancellation) => (await TryEmbedAsync([question], cancellation))?[0];

    /// <summary>Takes the meaning of a few texts for somebody who waits; null where there is no model, or it gives none now.</summary>
    public async Task<IReadOnlyList<float[]>?> TryEmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        if (_generator is null) return null;

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(QuestionPatience);
        try
        {
            return await EmbedAsync(texts, patience.Token);
        }
        catch (Exception exception) when (exception is EmbeddingFailedException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            LogNoMeaning(exception, Model!);
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _generator?.Dispose();
        _http?.Dispose();
    }

    private static IEmbeddingGenerator<string, Embedding<float>> Hosted(EmbeddingOptions options, HttpClient http)
    {
        var client = new OpenAIClient(
            // A server of one's own that wants no key does not look at it.
            new ApiKeyCredential(options.Key ?? "none"),
            new OpenAIClientOptions
            {
                Endpoint = options.Kind == "openai" && options.BaseUrl is null ? new Uri("https://api.openai.com/v1") : new Uri(options.BaseUrl!),
                Transport = new HttpClientPipelineTransport(http),
                RetryPolicy = new ClientRetryPolicy(maxRetries: 1),
                NetworkTimeout = Timeout.InfiniteTimeSpan,
            });
        var kernel = Kernel.CreateBuilder();
#pragma warning disable SKEXP0010 // It is experimental in name; its form is that of Microsoft.Extensions.AI.
        kernel.Services.AddOpenAIEmbeddingGenerator(options.Model!, client, options.Dimensions);
#pragma warning restore SKEXP0010
        return kernel.Build().GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
    }

    private static float[] Normalised(float[] vector)
    {
        var length = Math.Sqrt(vector.Sum(value => (double)value * value));
        // A text without any meaning is near to nothing.
        if (length > 0) for (var i = 0; i < vector.Length; i++) vector[i] = (float)(vector[i] / length);
        return vector;
    }

    [LoggerMessage(LogLevel.Warning, "The embedding model {Model} gave no vectors to somebody who waits, who is answered by words alone")]
    private partial void LogNoMeaning(Exception exception, string model);

    private static string Reason(Exception exception) => exception is ClientResultException { Status: > 0 and var status } ? $"status {status}" : exception.GetType().Name;
}

/// <summary>Registers <see cref="Embedder"/>.</summary>
public static class EmbeddingServices
{
    /// <summary>Adds <see cref="Embedder"/> with the settings of the section <c>AI:Embeddings</c>, validated at start.</summary>
    public static IServiceCollection AddEmbeddings(this IServiceCollection services)
    {
        services.AddOptions<EmbeddingOptions>().BindConfiguration(EmbeddingOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EmbeddingOptions>, EmbeddingValidation>();
        services.AddSingleton(provider => new Embedder(provider.GetRequiredService<IOptions<EmbeddingOptions>>().Value, provider.GetRequiredService<ILogger<Embedder>>()));
        return services;
    }

    private sealed class EmbeddingValidation : IValidateOptions<EmbeddingOptions>
    {
        public ValidateOptionsResult Validate(string? name, EmbeddingOptions options) =>
            options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
