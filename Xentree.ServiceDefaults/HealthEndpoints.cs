using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Xentree.ServiceDefaults;

/// <summary>The two probes and the form of their answer.</summary>
internal static class HealthEndpoints
{
    /// <summary>The tag of the checks that only a restart can mend.</summary>
    public const string Live = "live";

    private const string ReadinessPath = "/health";
    private const string LivenessPath = "/alive";

    public static void Map(WebApplication app)
    {
        app.MapHealthChecks(ReadinessPath, new() { ResponseWriter = Write }).AllowAnonymous().DisableHttpMetrics();
        app.MapHealthChecks(LivenessPath, new() { ResponseWriter = Write, Predicate = check => check.Tags.Contains(Live) })
            .AllowAnonymous()
            .DisableHttpMetrics();
    }

    /// <summary>Whether the path is a probe's: asked every few seconds, it would bury the traces that matter.</summary>
    public static bool IsProbe(PathString path) => path == ReadinessPath || path == LivenessPath;

    private static async Task Write(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);

        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        WriteDuration(json, report.TotalDuration);
        json.WriteStartArray("checks");
        foreach (var (name, entry) in report.Entries) WriteCheck(json, name, entry);
        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private static void WriteCheck(Utf8JsonWriter json, string name, HealthReportEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("status", entry.Status.ToString());
        // The exception stays in the log: its text may name hosts and accounts, and this page is public.
        json.WriteString("description", entry.Description ?? (entry.Exception is null ? null : "The check failed."));
        WriteDuration(json, entry.Duration);
        json.WriteStartObject("data");
        foreach (var (key, value) in entry.Data)
        {
            json.WritePropertyName(key);
            JsonSerializer.Serialize(json, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteDuration(Utf8JsonWriter json, TimeSpan duration) =>
        json.WriteNumber("duration_ms", Math.Round(duration.TotalMilliseconds, 1));
}
