using Azure.Storage.Blobs;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Xentree.Api.Auth;
using Xentree.Api.Features;
using Xentree.Api.Http.Idempotency;
using Xentree.Api.Http.RateLimits;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Keys;
using Xentree.Domain.Days;
using Xentree.ServiceDefaults;

namespace Xentree.Api;

/// <summary>Puts the API together: its servers, the conventions that every operation shares, and the operations.</summary>
public static class ApiHost
{
    private const long MaxBodyBytes = 1 << 20;
    private const int JobQueueConnections = 5;

    private static readonly TimeSpan SocketPing = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Builds the API; tests use <paramref name="configure"/> to give it another clock.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        AddServers(builder);
        AddConventions(builder);
        builder.Services.AddFeatures(builder.Configuration);
        configure?.Invoke(builder);

        var app = builder.Build();
        UseConventions(app);
        app.MapDefaultEndpoints();
        app.MapApiDocument();
        app.MapFeatures();
        return app;
    }

    private static void AddServers(WebApplicationBuilder builder)
    {
        var database = builder.Configuration.GetConnectionString(ResourceNames.Database)
            ?? throw new InvalidOperationException($"ConnectionStrings:{ResourceNames.Database} is missing: start the system with the AppHost, or configure a PostgreSQL server.");

        builder.Services.AddXentreeData(database);
        builder.EnrichNpgsqlDbContext<XentreeDbContext>(settings => settings.DisableRetry = true);
        // Without Redis the API serves on: SharedStateHealth says so, where the client's own check would take every replica out.
        builder.AddRedisClient(ResourceNames.Cache, settings => settings.DisableHealthChecks = true, FailFast);
        builder.AddAzureBlobServiceClient(ResourceNames.Blobs, configureOptions: FailFast);

        // Only pictures need blobs: an outage of them must not take every replica out.
        builder.Services.Configure<HealthCheckServiceOptions>(health =>
        {
            foreach (var check in health.Registrations.Where(check => check.Name == ResourceNames.Blobs)) check.FailureStatus = HealthStatus.Degraded;
        });

        // The jobs have a schema and a pool of their own; the API only puts jobs there.
        builder.Services.AddJobQueue(database, JobQueueConnections);
    }

    private static void AddConventions(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<EncryptionOptions>().BindConfiguration(EncryptionOptions.Section)
            .Validate(encryption => encryption.IsUsable, EncryptionOptions.Problem).ValidateOnStart();
        services.AddOptions<SandboxOptions>().BindConfiguration(SandboxOptions.Section)
            .Validate(sandbox => !(builder.Environment.IsProduction() && sandbox.TimeTravel == true), "Sandbox:TimeTravel must not be on in Production.")
            .ValidateOnStart();

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new KeyEncryption(provider.GetRequiredService<IOptions<EncryptionOptions>>().Value));
        services.AddSingleton<LocalWindows>();
        services.AddSingleton<SharedState>();
        services.AddSingleton<Callers>();
        services.AddSingleton<AccessTokens>();
        services.AddScoped<BusinessClock>();
        services.AddHealthChecks().AddCheck<SharedStateHealth>("rate-limits")
            .AddCheck("time-zones", () => HealthCheckResult.Healthy($"The tz database is {Zones.DatabaseVersion}."));

        services.AddDataProtection().SetApplicationName("xentree");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, DataProtectionKeys>();

        services.AddSingleton<IProblemDetailsService, ValidationErrors>();
        services.AddValidation();
        services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.Configure<RouteOptions>(options => options.SetParameterPolicy<UuidRouteConstraint>(UuidRouteConstraint.Name));
        services.AddRequestTimeouts(options => options.DefaultPolicy = new() { Timeout = RequestTimeout, TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable });
        services.AddTrustedProxies(builder.Configuration);

        services.AddAuthentication(CallerAuthentication.Scheme)
            .AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, CallerAuthentication>(CallerAuthentication.Scheme, null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(Closed());
        services.AddSingleton<Microsoft.AspNetCore.Authorization.IAuthorizationHandler, AccessHandler>();
        services.AddSingleton<Microsoft.AspNetCore.Authorization.IAuthorizationMiddlewareResultHandler, AccessResult>();

        services.AddApiDocument();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
    }

    // The order matters: each step relies on what the steps above it found out.
    private static void UseConventions(WebApplication app)
    {
        app.UseForwardedHeaders();
        // Pings that nobody answers find out that the other end has gone.
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = SocketPing, KeepAliveTimeout = SocketPing });
        app.UseMiddleware<HeadRequests>();
        app.UseMiddleware<AnswerHeaders>();
        app.UseMiddleware<Faults>();
        app.UseMiddleware<BareStatus>();
        app.UseRouting();
        app.UseMiddleware<Admission>();
        app.UseMiddleware<QueryText>();
        app.UseMiddleware<BodyLimit>();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<TimeTravelMiddleware>();
        app.UseMiddleware<IdempotencyMiddleware>();
        // Once more, so that an error that a handler throws is an answer like any other, which can be given again.
        app.UseMiddleware<Faults>();
        app.UseRequestTimeouts();
    }

    // An operation that says nothing of who may call it is closed. What routing itself answers (404, 405) is no operation.
    private static Microsoft.AspNetCore.Authorization.AuthorizationPolicy Closed() =>
        new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder(CallerAuthentication.Scheme)
            .RequireAssertion(context => context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint)
            .Build();

    // Redis makes things quick, it must not make them slow: what it does not answer within a second is done without it.
    private static void FailFast(ConfigurationOptions options)
    {
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 2_000;
        options.AsyncTimeout = 1_000;
        options.SyncTimeout = 1_000;
        options.BacklogPolicy = BacklogPolicy.FailFast;
    }

    // Nor must a request wait long for a storage that is down.
    private static void FailFast(BlobClientOptions options)
    {
        options.Retry.MaxRetries = 1;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
    }
}
