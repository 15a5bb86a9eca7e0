using NodaTime;
using Xentree.Ai;
using Xentree.Data.Knowledge;
using Xentree.Domain;

namespace Xentree.Worker.Knowledge;

/// <summary>
/// Works on all documents that wait: those that were uploaded, and those whose vectors are of a model that is no longer in force. An
/// upload asks for a run at once; the recurring one finds what was lost in between, or was interrupted.
/// </summary>
internal static class ProcessDocuments
{
    /// <summary>A run ends after this time, and the next goes on: so that a long one is seen to be alive.</summary>
    private static readonly Duration MaxRun = Duration.FromMinutes(15);

    public static async Task<long> RunAsync(IServiceProvider services, Instant now, CancellationToken cancellation)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var until = time.Now + MaxRun;
        for (var count = 0L; ; count++)
        {
            await using var scope = services.CreateAsyncScope();
            if (time.Now >= until || !await scope.ServiceProvider.GetRequiredService<DocumentProcessing>().NextAsync(cancellation)) return count;
        }
    }

    /// <summary>Adds what it needs.</summary>
    public static IServiceCollection AddKnowledge(this IServiceCollection services)
    {
        services.AddOptions<ExtractionOptions>().BindConfiguration(ExtractionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<KnowledgeOptions>().BindConfiguration(KnowledgeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddEmbeddings();
        services.AddSingleton<Extraction>();
        services.AddScoped<DocumentProcessing>();
        return services;
    }
}
