using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xentree.Data.Conversations;
using Xentree.Data.Keys;
using Xentree.Data.Knowledge;
using Xentree.Data.Learning;
using Xentree.Data.Live;
using Xentree.Data.Search;
using Xentree.Data.Xp;

namespace Xentree.Data;

/// <summary>What every host that reads or writes the database registers.</summary>
public static class DataServices
{
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 20;

    // More than there are statements on the paths that are hot: what is not used often is left alone.
    private const int PreparedStatements = 100;

    /// <summary>Adds the context (pooled, also as a factory) the installation's keys and the write paths.</summary>
    public static IServiceCollection AddXentreeData(this IServiceCollection services, string connectionString)
    {
        services.AddPooledDbContextFactory<XentreeDbContext>(options => Configure(options, connectionString));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContext());
        services.AddSingleton<KeyRing>();
        services.AddSingleton(LearningRules.Load());
        services.AddSingleton<LearnerQueue>();
        services.AddScoped<LearningWrites>();
        services.AddScoped<LearnerReads>();
        services.AddScoped<Rollover>();
        services.AddScoped<Rebuild>();
        services.AddScoped<LeaderboardClosing>();
        services.AddScoped<ConversationLog>();
        services.AddScoped<LiveSessions>();
        services.AddScoped<LiveTalk>();
        services.AddScoped<SearchUpkeep>();
        services.AddScoped<DocumentWork>();
        services.AddSingleton<VectorCache>();
        services.AddScoped<KnowledgeSearch>();
        return services;
    }

    /// <summary>How the context talks to the database; the tools for migrations use it too.</summary>
    public static void Configure(DbContextOptionsBuilder options, string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        // ContainsKey would say that it knows the word, whether or not it was set.
        if (!settings.ShouldSerialize("Timeout")) settings.Timeout = ConnectSeconds;
        if (!settings.ShouldSerialize("Command Timeout")) settings.CommandTimeout = CommandSeconds;
        // Half of a read's work would be to parse and plan the same statement anew.
        if (!settings.ShouldSerialize("Max Auto Prepare")) settings.MaxAutoPrepare = PreparedStatements;

        options.UseNpgsql(settings.ConnectionString, npgsql => npgsql
                .UseNodaTime()
                // A connection that a restarted server dropped is replaced at once; a server that is down is reported within two seconds.
                .EnableRetryOnFailure(maxRetryCount: 2, maxRetryDelay: TimeSpan.FromSeconds(1), errorCodesToAdd: null))
            .UseSnakeCaseNamingConvention()
            // Whoever handles what was thrown logs it, once; a unique index that refuses a row is an answer, not a fault.
            .ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandError, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
    }
}
