using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Xentree.ServiceDefaults;

/// <summary>Logs, metrics and traces, sent to the collector that the environment names.</summary>
internal static class Observability
{
    /// <summary>Features name their sources and meters so, and are heard without being registered.</summary>
    private const string Ours = "Xentree*";

    public static void Add(IHostApplicationBuilder builder)
    {
        // The Azure SDK makes activities only when asked to.
        AppContext.SetSwitch("Azure.Experimental.EnableActivitySource", true);

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(Ours, "Npgsql", "Azure.*", "Polly"))
            .WithTracing(tracing => tracing
                .SetSampler(new ParentBasedSampler(new RootSampler()))
                .AddSource(Ours, builder.Environment.ApplicationName, "Npgsql", "Azure.*")
                .AddAspNetCoreInstrumentation(options => options.Filter = context => !HealthEndpoints.IsProbe(context.Request.Path))
                .AddHttpClientInstrumentation(options => options.FilterHttpRequestMessage = _ => !IsInsideAzureCall(Activity.Current)));

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) telemetry.UseOtlpExporter();
    }

    /// <summary>The Azure SDK traces its own requests: a second span of the same request says nothing new.</summary>
    private static bool IsInsideAzureCall(Activity? activity) => activity?.Parent?.Source.Name == "Azure.Core.Http";
}
