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
    [InlineData("claude:Kind=anthropic", "the kind anthropic is not there yet")]
    [InlineData("ollama:Models:0=llama", "the kind ollama is not there yet")]
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
    public async Task Providers_come_by_priority_then_by_id_and_local_is_there_by_itself(string settings, string ids)
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
    [InlineData(2, "c")]
    [InlineData(3, "bb c")]
    [InlineData(6, "bb c")]
    [InlineData(7, "aaaa bb c")]
    [InlineData(0, "c")]
    public void The_newest_turns_that_fit_are_sent(int characters, string sent)
    {
        var turns = new ChatTurns([.. "aaaa bb c".Split(' ').Select(text => new ChatTurn(MessageRole.User, text))], "en");

        Assert.Equal(sent, string.Join(' ', turns.Newest(characters).Select(turn => turn.Content)));
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
