using System.Text.RegularExpressions;

namespace Xentree.Api.Features.Organizations;

/// <summary>A slug: 2 to 50 of a–z, 0–9 and <c>-</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed partial class SlugAttribute : FieldAttribute
{
    /// <inheritdoc/>
    protected override string? Check(string text) => Form.IsMatch(text) ? null : "must have 2 to 50 of the characters a–z, 0–9 and -";

    [GeneratedRegex(@"\A[a-z0-9-]{2,50}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }
}
