using Microsoft.Extensions.Configuration;

namespace Xentree.AppHost;

/// <summary>
/// Where the dashboard and the telemetry it takes are reached. It shows every secret of the system, so that an open one would show them to
/// every user of the machine: it asks for a token, and the link that we print carries it.
/// </summary>
internal static class DashboardAddress
{
    /// <summary>Fills in what the launch profile leaves open, so that the AppHost starts the same without one.</summary>
    /// <returns>The link that logs in.</returns>
    public static string? Configure(IConfigurationManager configuration, int port)
    {
        if (configuration["ASPNETCORE_URLS"] is not { Length: > 0 } || port != 0) configuration["ASPNETCORE_URLS"] = $"http://localhost:{port}";
        configuration["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] ??= "true";
        configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ??= "http://localhost:0";
        configuration["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] ??= "http://localhost:0";

        // Nobody asked for either, and both leave the machine.
        configuration["ASPIRE_VERSION_CHECK_DISABLED"] ??= "true";
        configuration["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] ??= "true";

        var token = configuration["AppHost:BrowserToken"];
        return token is null ? null : $"http://localhost:{port}/login?t={token}";
    }
}
