using System.Text.RegularExpressions;

namespace Xentree.Ai;

/// <summary>What a provider speaks.</summary>
internal enum ProviderKind
{
    Local,
    OpenAI,
    OpenAICompatible,
}

/// <summary>A provider as the configuration means it.</summary>
internal sealed partial record Provider(
    string Id, string Name, ProviderKind Kind, Uri? Endpoint, string? Key, IReadOnlyList<string> Models, string DefaultModel, int Priority)
{
    public const string LocalId = "local";

    private const int UsualPriority = 100;
    private const int LocalPriority = 1_000;

    private static readonly Uri OpenAIEndpoint = new("https://api.openai.com/v1");

    /// <summary>Kinds that are known and not there yet: their names must not pass for typing errors.</summary>
    private static readonly string[] Later = ["azure-openai", "anthropic", "ollama"];

    /// <summary>Whether it can be asked: OpenAI cannot without a key; a server of one's own may need none.</summary>
    public bool IsAvailable => Kind != ProviderKind.OpenAI || Key is not null;

    /// <summary>What it can do.</summary>
    public IReadOnlyList<string> Capabilities => Kind == ProviderKind.Local ? ["chat", "streaming", "corrections", "exercises"] : ["chat", "streaming"];

    /// <summary>Reads the providers in the order in which <c>auto</c> asks them, and says what is wrong with their settings.</summary>
    public static IReadOnlyList<Provider> Read(AiOptions options, out List<string> problems)
    {
        var found = new List<string>();
        var configured = new Dictionary<string, ProviderOptions>(options.Providers, StringComparer.OrdinalIgnoreCase);
        configured.TryAdd(LocalId, new ProviderOptions());

        var providers = configured
            .Where(entry => entry.Value.Enabled)
            .Select(entry => Read(entry.Key, entry.Value, problem => found.Add($"{AiOptions.Section}:Providers:{entry.Key}: {problem}")))
            .OfType<Provider>()
            .OrderBy(provider => provider.Priority).ThenBy(provider => provider.Id, StringComparer.Ordinal)
            .ToList();
        problems = found;
        return providers;
    }

    private static Provider? Read(string name, ProviderOptions options, Action<string> problem)
    {
        var id = name.ToLowerInvariant();
        var written = options.Kind ?? id;
        if (!IdForm.IsMatch(id) || id == ChatRouter.Auto)
        {
            problem($"an id has 1 to 32 of a–z, 0–9, _ and -, and is not {ChatRouter.Auto}.");
            return null;
        }

        if (Later.Contains(written, StringComparer.OrdinalIgnoreCase))
        {
            problem($"the kind {written} is not there yet. Kinds now: local, openai, openai-compatible.");
            return null;
        }

        ProviderKind? known = written.ToLowerInvariant() switch
        {
            "local" => ProviderKind.Local,
            "openai" => ProviderKind.OpenAI,
            "openai-compatible" => ProviderKind.OpenAICompatible,
            _ => null,
        };
        if (known is not { } kind)
        {
            problem($"{written} is no kind. Kinds: local, openai, openai-compatible.");
            return null;
        }

        var models = kind == ProviderKind.Local ? [RulesTutor.Model] : options.Models;
        if (models.Length == 0 || models.Any(string.IsNullOrWhiteSpace)) problem("name at least one model in Models.");

        var model = options.DefaultModel ?? models.FirstOrDefault() ?? "";
        if (models.Length > 0 && !models.Contains(model)) problem($"DefaultModel {model} is not one of Models.");

        var endpoint = kind == ProviderKind.OpenAI ? OpenAIEndpoint : null;
        if (options.BaseUrl is { Length: > 0 } text)
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out endpoint) || endpoint.Scheme is not ("http" or "https"))
                problem($"BaseUrl {text} is no http or https address.");
        }
        else if (kind == ProviderKind.OpenAICompatible)
        {
            problem("BaseUrl is missing, such as http://127.0.0.1:8080/v1.");
        }

        var key = string.IsNullOrWhiteSpace(options.Key) ? null : options.Key.Trim();
        return new(id, options.Name ?? (kind == ProviderKind.Local ? "Xentree rules" : id), kind, endpoint, key, models, model,
            options.Priority ?? (kind == ProviderKind.Local ? LocalPriority : UsualPriority));
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdForm { get; }
}
