using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xentree.Ai;
using Xentree.Domain.Conversations;

namespace Xentree.Tests.Conversations;

public sealed class ProviderSettingsTests
{
    [Theory]
    [InlineData("anthropic:Key=k", "at least one model")]
    [InlineData("azure-openai:Models:0=m", "BaseUrl is missing, such as https://mine.openai.azure.com")]
    [InlineData("ollama:Models:0=m;ollama:BaseUrl=http://user:very secret@127.0.0.1", "without a name and a password")]
    [InlineData("ollama:Models:0=m;ollama:Models:1=m", "names a model twice")]
    [InlineData("ollama:Models:0=m;ollama:Models:1:PromptPrice=1", "none without a name")]
    [InlineData("ollama:Models:0:Name=m;ollama:Models:0:ContextTokens=12", "ContextTokens of m must be 1024 to 10000000")]
    [InlineData("ollama:Models:0:Name=m;ollama:Models:0:AnswerTokens=2049", "AnswerTokens of m must be 1 to 2048")]
    [InlineData("ollama:Models:0:Name=m;ollama:Models:0:PromptPrice=-1", "PromptPrice and CompletionPrice of m must be 0 to")]
    [InlineData("ollama:Models:0=m;ollama:Retries=9", "Retries must be 0 to 5")]
    [InlineData("ollama:Models:0=m;ollama:SilenceSeconds=0", "SilenceSeconds must be 1 to 600")]
    [InlineData("ollama:Models:0=m;ollama:MaxConcurrent=0", "MaxConcurrent must be 1 to")]
    [InlineData("ollama:Models:0=m;ollama:MaxWaiting=-1", "MaxWaiting must be 0 to")]
    [InlineData("x:Kind=nonsense", "nonsense is no kind")]
    [InlineData("x:Name=Mine", "x is no kind")]
    [InlineData("x:Kind=openai-compatible;x:Models:0=m", "BaseUrl is missing")]
    [InlineData("x:Kind=openai-compatible;x:Models:0=m;x:BaseUrl=nonsense", "is no http or https address")]
    [InlineData("x:Kind=openai-compatible;x:BaseUrl=http://127.0.0.1:1/v1", "at least one model")]
    [InlineData("openai:Models:0=m;openai:DefaultModel=other", "DefaultModel other is not one of Models")]
    [InlineData("auto:Kind=local", "is not auto")]
    [InlineData("x:Kind=openai-compatible;x:BaseUrl=http://127.0.0.1:1/v1;x:Models:0=m;x:Key=very secret;x:DefaultModel=n", "DefaultModel n")]
    public async Task A_wrong_setting_is_told_at_start_and_no_key_with_it(string settings, string says)
    {
        using var host = Host(settings);

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("very secret", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "local")]
    [InlineData("openai:Models:0=m", "openai local")]
    [InlineData("openai:Models:0=m;openai:Enabled=false", "local")]
    [InlineData("b:Kind=openai;b:Models:0=m;a:Kind=openai;a:Models:0=m", "a b local")]
    [InlineData("B:Kind=openai;B:Models:0=m;B:Priority=2000", "local b")]
    [InlineData("local:Priority=1;openai:Models:0=m", "local openai")]
    [InlineData("anthropic:Models:0:Name=m;anthropic:Models:0:PromptPrice=2;openai:Models:0:Name=m;openai:Models:0:CompletionPrice=1;ollama:Models:0=m", "ollama openai anthropic local")]
    public async Task Providers_come_by_priority_then_by_price_then_by_id_and_local_is_there_by_itself(string settings, string ids)
    {
        using var host = Host(settings);
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ids.Split(' '), host.Services.GetRequiredService<ChatRouter>().Providers.Select(p => p.Id));
    }

    [Fact]
    public async Task When_nobody_is_left_to_ask_the_reason_says_what_to_configure()
    {
        using var host = Host("local:Enabled=false");
        await host.StartAsync(TestContext.Current.CancellationToken);
        var router = host.Services.GetRequiredService<ChatRouter>();

        var exception = await Assert.ThrowsAsync<ChatFailedException>(
            () => router.StreamAsync(ChatRouter.Auto, new ChatTurns([new ChatTurn(MessageRole.User, "Hello.")], "en"), TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken).AsTask());

        Assert.True(exception.IsUnavailable);
        Assert.Contains("AI:Providers", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai:Models:0=m", "openai", "chat streaming hosted tools", false)]
    [InlineData("openai:Models:0=m;openai:Key=k", "openai", "chat streaming hosted tools", true)]
    [InlineData("openai:Models:0=m;openai:Tools=false", "openai", "chat streaming hosted", false)]
    [InlineData("anthropic:Models:0=m;anthropic:Key=k", "anthropic", "chat streaming hosted tools", true)]
    [InlineData("azure-openai:Models:0=m;azure-openai:BaseUrl=https://x.openai.azure.com", "azure-openai", "chat streaming hosted tools", false)]
    [InlineData("ollama:Models:0=m", "ollama", "chat streaming hosted", true)]
    [InlineData("ollama:Models:0=m;ollama:Tools=true", "ollama", "chat streaming hosted tools", true)]
    [InlineData("", "local", "chat streaming corrections definitions exercises", true)]
    public async Task A_provider_tells_what_it_can_do_and_whether_it_can_be_asked(string settings, string id, string capabilities, bool isAvailable)
    {
        using var host = Host(settings);
        await host.StartAsync(TestContext.Current.CancellationToken);

        var provider = host.Services.GetRequiredService<ChatRouter>().Providers.Single(p => p.Id == id);

        Assert.Equal((capabilities, isAvailable), (string.Join(' ', provider.Capabilities), provider.Available));
    }

    [Theory]
    [InlineData(10, "c")]
    [InlineData(11, "bb c")]
    [InlineData(18, "bb c")]
    [InlineData(19, "aaaa bb c")]
    [InlineData(0, "c")]
    public void The_newest_turns_that_fit_are_sent(int tokens, string sent)
    {
        var turns = "aaaa bb c".Split(' ').Select(text => new ChatTurn(MessageRole.User, text)).ToList();

        Assert.Equal(sent, string.Join(' ', ChatWindow.Newest(turns, tokens, text => text.Length).Select(turn => turn.Content)));
    }

    [Fact]
    public void Tokens_are_counted_as_a_model_counts_and_a_word_without_end_by_its_bytes()
    {
        Assert.Equal(4, TokenCount.Of("Hello, world!"));
        Assert.Equal(100_000, TokenCount.Of(new string('a', 100_000)));
        Assert.True(TokenCount.Of("Dobro jutro, kako ste danas?") <= TokenCount.AtMost("Dobro jutro, kako ste danas?"));
    }

    private static IHost Host(string settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create<string, string?>($"AI:Providers:{pair[0]}", pair[1])));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddXentreeAi();
        return builder.Build();
    }
}
