using System.Text.RegularExpressions;

namespace Xentree.Api.Http.Validation;

/// <summary>A language tag (BCP 47) such as <c>en</c> or <c>pt-BR</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed partial class LanguageAttribute : FieldAttribute
{
    /// <inheritdoc/>
    public override string Pattern => "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$";

    /// <inheritdoc/>
    protected override string? Check(string text) => Form.IsMatch(text) ? null : "must be a language tag such as en or pt-BR";

    [GeneratedRegex(@"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }
}
