using System.ComponentModel.DataAnnotations;

namespace Xentree.Api.Http.Validation;

/// <summary>
/// A rule for a text field. A member of a merge patch that is absent passes; null passes where the type allows it (a field that must
/// be there says <see cref="RequiredAttribute"/>).
/// </summary>
public abstract class FieldAttribute : ValidationAttribute
{
    /// <summary>What is wrong with the text; null when nothing is.</summary>
    protected abstract string? Check(string text);

    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        ArgumentNullException.ThrowIfNull(validationContext);
        if (value is IOptional optional) value = optional.IsPresent ? optional.Value : null;
        return value is string text && Check(text) is { } problem
            ? new ValidationResult(problem, validationContext.MemberName is { } name ? [name] : null)
            : ValidationResult.Success;
    }
}

/// <summary>A text that is not blank, of a length within bounds (in UTF-16 units).</summary>
/// <param name="min">The least length.</param>
/// <param name="max">The greatest length.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextAttribute(int min, int max) : FieldAttribute
{
    /// <summary>The least length.</summary>
    public int Min { get; } = min;

    /// <summary>The greatest length.</summary>
    public int Max { get; } = max;

    /// <inheritdoc/>
    protected override string? Check(string text) =>
        text.Length < Min || text.Length > Max ? $"must have {Min} to {Max} characters"
        : Min > 0 && string.IsNullOrWhiteSpace(text) ? "must not be blank"
        : null;
}
