namespace Xentree.Ai;

/// <summary>What a provider speaks, and what follows from that.</summary>
/// <param name="Name">The name in settings.</param>
/// <param name="Address">Where it is when nothing else is set; null where the settings must say.</param>
/// <param name="NeedsKey">Whether it can be asked only with a key; a server of one's own may need none.</param>
/// <param name="HasTools">Whether its models can call tools, unless the settings differ.</param>
/// <param name="ContextTokens">What its models hold at least.</param>
internal sealed record ProviderKind(string Name, string? Address, bool NeedsKey, bool HasTools, int ContextTokens)
{
    public static readonly ProviderKind Local = new("local", null, false, false, int.MaxValue);
    public static readonly ProviderKind OpenAI = new("openai", "https://api.openai.com/v1", true, true, 128_000);
    public static readonly ProviderKind AzureOpenAI = new("azure-openai", null, true, true, 128_000);
    public static readonly ProviderKind OpenAICompatible = new("openai-compatible", null, false, false, 8_192);
    public static readonly ProviderKind Anthropic = new("anthropic", "https://api.anthropic.com", true, true, 200_000);
    public static readonly ProviderKind Ollama = new("ollama", "http://127.0.0.1:11434", false, false, 4_096);

    private static readonly ProviderKind[] All = [Local, OpenAI, AzureOpenAI, OpenAICompatible, Anthropic, Ollama];

    /// <summary>Their names, for people.</summary>
    public static string Names => string.Join(", ", All.Select(kind => kind.Name));

    /// <summary>The kind of a name; null where there is none.</summary>
    public static ProviderKind? Find(string name) => Array.Find(All, kind => kind.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
