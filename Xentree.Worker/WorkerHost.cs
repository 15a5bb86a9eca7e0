using Hangfire;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Xentree.Data;
using Xentree.Data.Keys;
using Xentree.Domain.Days;
using Xentree.ServiceDefaults;
using Xentree.Worker.Conversations;
using Xentree.Worker.Dashboard;
using Xentree.Worker.Knowledge;

namespace Xentree.Worker;

/// <summary>The host of the background jobs, and the verbs that an operator runs from the command line.</summary>
public static class WorkerHost
{
    private const int JobQueueConnections = 10;
    private const int LongJobs = 2;

    /// <summary>Runs the verb that the first argument names, or the host when there is none; the exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var verb = args is [{ } first, ..] && !first.StartsWith('-') ? first : null;
        if (verb is not null && !Verbs.All.ContainsKey(verb))
        {
            if (verb == ExtractVerb.Name) return await ExtractVerb.RunAsync(args[1..]);

            await Console.Error.WriteLineAsync($"There is no verb {verb}. The verbs are: {string.Join(", ", Verbs.All.Keys)}.");
            return 2;
        }

        await using var app = Build(verb is null ? args : args[1..], isHost: verb is null);
        if (verb is not null) return await Verbs.All[verb](app.Services, args[1..], app.Lifetime.ApplicationStopping);

        await app.RunAsync();
        return 0;
    }

    /// <summary>Builds the host.</summary>
    public static WebApplication Build(string[] args, bool isHost = true, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();

        var database = builder.Configuration.GetConnectionString(ResourceNames.Database)
            ?? throw new InvalidOperationException($"ConnectionStrings:{ResourceNames.Database} is missing: start the system with the AppHost, or configure a PostgreSQL server.");
        builder.Services.AddXentreeData(database);
        builder.EnrichNpgsqlDbContext<XentreeDbContext>(settings => settings.DisableRetry = true);

        builder.Services.AddOptions<EncryptionOptions>().BindConfiguration(EncryptionOptions.Section)
            .Validate(encryption => encryption.IsUsable, EncryptionOptions.Problem).ValidateOnStart();
        builder.Services.AddSingleton(provider => new KeyEncryption(provider.GetRequiredService<IOptions<EncryptionOptions>>().Value));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddScoped<JobRunner>();
        builder.Services.AddScoped<NamedJobs>(provider => provider.GetRequiredService<JobRunner>());
        builder.Services.AddKnowledge();

        builder.AddAzureBlobServiceClient(ResourceNames.Blobs);
        if (isHost) AddJobs(builder, database);
        configure?.Invoke(builder);

        var app = builder.Build();
        if (!isHost) return app;

        app.MapDefaultEndpoints();
        JobsDashboard.Map(app);
        Schedule.Apply(app.Services.GetRequiredService<IRecurringJobManagerV2>());
        return app;
    }

    private static void AddJobs(WebApplicationBuilder builder, string database)
    {
        builder.Services.AddSingleton<JobsHealth>();
        builder.Services.AddHealthChecks().AddCheck<JobsHealth>("jobs")
            .AddCheck("time-zones", () => HealthCheckResult.Healthy($"The tz database is {Zones.DatabaseVersion}."));
        builder.Services.AddJobQueue(database, JobQueueConnections);
        JobsDashboard.Add(builder.Services);
        builder.Services.AddTitles();
        builder.Services.AddHangfireServer(options => options.WorkerCount = Math.Max(2, Environment.ProcessorCount));
        builder.Services.AddHangfireServer(options => (options.Queues, options.WorkerCount) = ([NamedJobsQueue.Slow], LongJobs));
    }
}
