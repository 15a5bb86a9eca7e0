namespace Xentree.Api.Http.TimeTravel;

/// <summary>Whether users may be registered who live on a clock of their own (section <c>Sandbox</c>).</summary>
public sealed class SandboxOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Sandbox";

    /// <summary>On in Development; elsewhere by configuration, and never in Production.</summary>
    public bool? TimeTravel { get; init; }

    /// <summary>Whether time travel is enabled in <paramref name="environment"/>.</summary>
    public bool IsEnabledIn(IHostEnvironment environment) => TimeTravel ?? environment.IsDevelopment();
}
