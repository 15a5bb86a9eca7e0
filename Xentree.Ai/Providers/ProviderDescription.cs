namespace Xentree.Ai;

/// <summary>A provider as callers see it.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name to show.</param>
/// <param name="Models">Its models.</param>
/// <param name="DefaultModel">The model that answers.</param>
/// <param name="Available">Whether it can be asked.</param>
/// <param name="IsDefault">Whether <c>auto</c> asks it first.</param>
/// <param name="Capabilities">What it can do.</param>
public sealed record ProviderDescription(
    string Id, string Name, IReadOnlyList<string> Models, string DefaultModel, bool Available, bool IsDefault, IReadOnlyList<string> Capabilities);
