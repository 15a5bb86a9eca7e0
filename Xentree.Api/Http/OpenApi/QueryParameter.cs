namespace Xentree.Api.Http.OpenApi;

/// <summary>A query parameter that an operation reads by itself; the document shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Minimum">The least value of a number; null for text.</param>
/// <param name="Maximum">The greatest.</param>
/// <param name="Default">What holds when it is absent.</param>
/// <param name="Values">The texts that it may be, the first when it is absent; null for any.</param>
internal sealed record QueryParameter(
    string Name, string Description, int? Minimum = null, int? Maximum = null, int? Default = null, IReadOnlyList<string>? Values = null);
