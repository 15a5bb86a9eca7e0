using System.Text.RegularExpressions;

namespace Xentree.Ai;

/// <summary>Reads providers out of their settings, and says in a sentence each what is wrong with them. No sentence holds a key.</summary>
internal static partial class ProviderSettings
{
    private const int UsualPriority = 100;
    private const int LocalPriority = 1_000;
    private const int LeastContext = 1_024;
    private const int MostTokens = 10_000_000;
    private const long HighestPrice = 1_000_000_000_000;

    /// <summary>The providers by priority, then by price, then by id: the order in which <c>auto</c> asks them.</summary>
    public static IReadOnlyList<Provider> Read(AiOptions options, out List<string> problems)
    {
        var found = new List<string>();
        var configured = new Dictionary<string, ProviderOptions>(options.Providers, StringComparer.OrdinalIgnoreCase);
        configured.TryAdd(Provider.LocalId, new ProviderOptions());

        var providers = configured
            .Where(entry => entry.Value.Enabled)
            .Select(entry => Read(entry.Key, entry.Value, options, problem => found.Add($"{AiOptions.Section}:Providers:{entry.Key}: {problem}")))
            .OfType<Provider>()
            .OrderBy(provider => provider.Priority)
            .ThenBy(provider => provider.DefaultModel.PromptPrice + provider.DefaultModel.CompletionPrice)
            .ThenBy(provider => provider.Id, StringComparer.Ordinal)
            .ToList();
        problems = found;
        return providers;
    }

    private static Provider? Read(string name, ProviderOptions options, AiOptions all, Action<string> problem)
    {
        var id = name.ToLowerInvariant();
        if (!IdForm.IsMatch(id) || id == ChatRouter.Auto)
        {
            problem($"an id has 1 to 32 of a–z, 0–9, _ and -, and is not {ChatRouter.Auto}.");
            return null;
        }

        if (ProviderKind.Find(options.Kind ?? id) is not { } kind)
        {
            problem($"{options.Kind ?? id} is no kind; kinds are {ProviderKind.Names}.");
            return null;
        }

        if (options.SilenceSeconds is < 1 or > 600) problem("SilenceSeconds must be 1 to 600.");
        if (options.Retries is < 0 or > 5) problem("Retries must be 0 to 5.");
        if (options.MaxConcurrent is < 1 or > 100_000) problem("MaxConcurrent must be 1 to 100000.");
        if (options.MaxWaiting is < 0 or > 100_000) problem("MaxWaiting must be 0 to 100000.");

        var models = ModelsOf(kind, options, problem);
        var model = options.DefaultModel is { } wanted ? models.FirstOrDefault(m => m.Name == wanted) : models.FirstOrDefault();
        if (model is null && models.Count > 0) problem($"DefaultModel {options.DefaultModel} is not one of Models.");
        var address = AddressOf(kind, options, problem);
        if (model is null) return null;

        return new Provider
        {
            Id = id,
            Name = options.Name ?? (kind == ProviderKind.Local ? "Xentree rules" : id),
            Kind = kind,
            Address = address,
            Key = string.IsNullOrWhiteSpace(options.Key) ? null : options.Key.Trim(),
            Models = models,
            DefaultModel = model,
            Priority = options.Priority ?? (kind == ProviderKind.Local ? LocalPriority : UsualPriority),
            HasTools = kind != ProviderKind.Local && (options.Tools ?? kind.HasTools),
            Silence = TimeSpan.FromSeconds(options.SilenceSeconds ?? all.SilenceSeconds),
            Retries = options.Retries,
            MaxConcurrent = options.MaxConcurrent,
            MaxWaiting = options.MaxWaiting,
        };
    }

    private static List<Model> ModelsOf(ProviderKind kind, ProviderOptions options, Action<string> problem)
    {
        if (kind == ProviderKind.Local) return [new Model(RulesTutor.Model, kind.ContextTokens, 0, 0, 0)];

        if (options.Models.Length == 0 || options.Models.Any(m => string.IsNullOrWhiteSpace(m.Name))) problem("name at least one model in Models, and none without a name.");
        if (options.Models.DistinctBy(m => m.Name).Count() < options.Models.Length) problem("Models names a model twice.");
        foreach (var model in options.Models)
        {
            var context = model.ContextTokens ?? kind.ContextTokens;
            if (context is < LeastContext or > MostTokens) problem($"ContextTokens of {model.Name} must be {LeastContext} to {MostTokens}.");
            if (model.AnswerTokens < 1 || model.AnswerTokens > context / 2) problem($"AnswerTokens of {model.Name} must be 1 to {context / 2}, half of what it holds.");
            if (model.PromptPrice is < 0 or > HighestPrice || model.CompletionPrice is < 0 or > HighestPrice)
                problem($"PromptPrice and CompletionPrice of {model.Name} must be 0 to {HighestPrice} millionths for a million tokens.");
        }

        return [.. options.Models.Select(m => new Model(m.Name, m.ContextTokens ?? kind.ContextTokens, m.AnswerTokens, m.PromptPrice, m.CompletionPrice))];
    }

    private static Uri? AddressOf(ProviderKind kind, ProviderOptions options, Action<string> problem)
    {
        if (kind == ProviderKind.Local) return null;

        var text = string.IsNullOrWhiteSpace(options.BaseUrl) ? kind.Address : options.BaseUrl;
        if (text is null)
        {
            problem(kind == ProviderKind.AzureOpenAI ? "BaseUrl is missing, such as https://mine.openai.azure.com." : "BaseUrl is missing, such as http://127.0.0.1:8080/v1.");
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0) return address;

        problem("BaseUrl is no http or https address without a name and a password.");
        return null;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdForm { get; }
}
