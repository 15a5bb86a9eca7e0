using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xentree.Ai;
using Xentree.Ai.Grammar;
using Xentree.Ai.Local;

namespace Xentree.Tests.Tutor;

/// <summary>The tutor as a host registers it, with the language server at an address or without one.</summary>
internal sealed class TutorHost(string? language) : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { [$"ConnectionStrings:{LanguageServer.Name}"] = language }).Build())
        .AddSingleton(TimeProvider.System)
        .AddLogging()
        .AddXentreeAi()
        .BuildServiceProvider();

    public GrammarChecker Grammar => _services.GetRequiredService<GrammarChecker>();

    public LanguageServer Language => _services.GetRequiredService<LanguageServer>();

    public Task<string> AskAsync(TutorPrompt prompt) =>
        _services.GetRequiredService<TutorAnswer>().ToAsync(prompt, TestContext.Current.CancellationToken);

    public Task<string> AskAsync(string message, string before = "") => AskAsync(new TutorPrompt(message, before));

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
