using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Xentree.Ai.Grammar;
using Xentree.Ai.Local;

namespace Xentree.Ai;

/// <summary>What a host that talks to AI providers registers.</summary>
public static class AiServices
{
    /// <summary>Adds <see cref="ChatRouter"/>, with the providers of the section <c>AI</c>, validated at start.</summary>
    public static IServiceCollection AddXentreeAi(this IServiceCollection services)
    {
        services.AddAiOptions();
        services.AddSingleton<IValidateOptions<AiOptions>, AiOptionsValidation>();
        LanguageServer.Add(services);
        services.AddSingleton(provider => new GrammarChecker(provider.GetRequiredService<LanguageServer>()));
        services.AddSingleton<TutorAnswer>();
        services.AddSingleton<ChatKernel>();
        services.AddResiliencePipelineRegistry<string>();
        services.AddResilienceEnricher();
        services.AddSingleton(provider => new ChatRouter(provider.GetRequiredService<ChatKernel>(), provider.GetRequiredService<ILogger<ChatRouter>>()));
        return services;
    }

    /// <summary>Adds the settings, once: bound twice, a list in them would hold everything twice.</summary>
    internal static void AddAiOptions(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(IConfigureOptions<AiOptions>))) return;

        services.AddOptions<AiOptions>().BindConfiguration(AiOptions.Section).ValidateDataAnnotations().ValidateOnStart();
    }

    private sealed class AiOptionsValidation : IValidateOptions<AiOptions>
    {
        public ValidateOptionsResult Validate(string? name, AiOptions options)
        {
            ProviderSettings.Read(options, out var problems);
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
