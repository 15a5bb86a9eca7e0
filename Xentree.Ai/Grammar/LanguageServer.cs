using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Xentree.Ai.Grammar;

/// <summary>
/// The client of the resource <c>language</c>: Harper and WordNet. It answers null where nobody answers in time, and never throws for
/// it: the tutor says so and goes on with its own rules.
/// </summary>
internal sealed partial class LanguageServer(IHttpClientFactory clients, IConfiguration configuration, ILogger<LanguageServer> logger)
{
    /// <summary>The name of its connection string, an address such as <c>http://127.0.0.1:9000</c>, and of its HTTP client.</summary>
    public const string Name = "language";

    /// <summary>The longest text that it reads.</summary>
    public const int MaxText = 32_000;

    // The server itself answers within four seconds, with what it has read by then.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(6);

    /// <summary>Whether there is one to ask at all.</summary>
    public bool IsConfigured => Address(configuration) is not null;

    /// <summary>What Harper finds; null where it cannot be asked.</summary>
    public async Task<CheckedText?> CheckAsync(string text, EnglishDialect dialect, CancellationToken cancellation) =>
        await AskAsync(async client =>
        {
            var request = new CheckRequest(text.Length <= MaxText ? text : text[..MaxText], dialect == EnglishDialect.British ? "british" : "american");
            using var answer = await client.PostAsJsonAsync("check", request, LanguageJson.Default.CheckRequest, cancellation);
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadFromJsonAsync(LanguageJson.Default.CheckedText, cancellation);
        }, cancellation);

    /// <summary>The senses of a word, none where WordNet has not got it; null where it cannot be asked.</summary>
    public async Task<IReadOnlyList<Sense>?> DefineAsync(string word, CancellationToken cancellation) =>
        (await AskAsync(client => client.GetFromJsonAsync($"define?word={Uri.EscapeDataString(word)}", LanguageJson.Default.DefinedWord, cancellation), cancellation))?.Senses;

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<LanguageServer>();
        var client = services.AddHttpClient(Name, (provider, http) =>
        {
            http.BaseAddress = Address(provider.GetRequiredService<IConfiguration>());
            http.Timeout = Timeout;
        });

        // The hosts' usual handler tries again for half a minute. Somebody waits for this answer, and there is one without it.
#pragma warning disable EXTEXP0001 // the only way to have another handler than the usual one
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        client.AddResilienceHandler(Name, pipeline => pipeline.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
        {
            MinimumThroughput = 3,
            FailureRatio = 0.5,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = TimeSpan.FromSeconds(5),
        }).AddTimeout(Timeout));
    }

    private static Uri? Address(IConfiguration configuration) =>
        Uri.TryCreate(configuration.GetConnectionString(Name), UriKind.Absolute, out var address) ? new Uri(address, "/") : null;

    private async Task<T?> AskAsync<T>(Func<HttpClient, Task<T?>> ask, CancellationToken cancellation)
        where T : class
    {
        if (!IsConfigured) return null;
        try
        {
            using var client = clients.CreateClient(Name);
            return await ask(client);
        }
        catch (BrokenCircuitException)
        {
            return null;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested
            && fault is HttpRequestException or OperationCanceledException or TimeoutRejectedException or JsonException)
        {
            LogNoAnswer(fault.GetType().Name);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The language server did not answer ({Reason}): the local tutor goes on without Harper and WordNet.")]
    private partial void LogNoAnswer(string reason);
}

/// <summary>What to check.</summary>
internal sealed record CheckRequest(string Text, string Dialect);

/// <summary>What Harper found.</summary>
/// <param name="Lints">The errors, in the text's order.</param>
/// <param name="Checked">How many UTF-16 units it has read.</param>
/// <param name="Complete">Whether that was all.</param>
internal sealed record CheckedText(IReadOnlyList<HarperLint> Lints, int Checked, bool Complete);

/// <summary>An error as Harper sees it.</summary>
/// <param name="Offset">Where it begins, in UTF-16 units.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Replacements">What may stand there instead, the likeliest first.</param>
/// <param name="Category">Harper's word for the kind of error.</param>
/// <param name="Known">Whether WordNet knows what stands there.</param>
internal sealed record HarperLint(int Offset, int Length, string Message, IReadOnlyList<string> Replacements, string Category, bool Known);

/// <summary>A word and what it means.</summary>
internal sealed record DefinedWord(IReadOnlyList<Sense> Senses);

/// <summary>One meaning of a word.</summary>
/// <param name="Lemma">The word in its base form.</param>
/// <param name="PartOfSpeech">Noun, verb, adjective or adverb.</param>
/// <param name="Gloss">What it means.</param>
/// <param name="Examples">How it is used.</param>
/// <param name="Synonyms">Words of the same meaning.</param>
internal sealed record Sense(string Lemma, string PartOfSpeech, string Gloss, IReadOnlyList<string> Examples, IReadOnlyList<string> Synonyms);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CheckRequest))]
[JsonSerializable(typeof(CheckedText))]
[JsonSerializable(typeof(DefinedWord))]
internal sealed partial class LanguageJson : JsonSerializerContext;
