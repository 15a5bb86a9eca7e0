namespace Xentree.AppHost;

/// <summary>Takes back what the orchestrator sets for telemetry in development and what we do not want.</summary>
internal static class TelemetryEnvironment
{
    public static void Correct(IResourceBuilder<ProjectResource> host) => host

        // At a stop the dashboard goes first. An exporter that tries again kept each host waiting for a collector that was gone, until it was
        // killed: most of a slow stop, and nothing of a host's own shutdown ran to its end.
        .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "")
        .WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", "2000")

        // What people write to a model, and what they put into a query, is theirs.
        .WithEnvironment("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "false")
        .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "false")
        .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "false");
}
