using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Xentree.Api.Http.Validation;

/// <summary>
/// A rule for a text field. A member of a merge patch that is absent passes; null passes where the type allows it (a field that must
/// be there says <see cref="RequiredAttribute"/>). What the rule asks for also stands in the OpenAPI document.
/// </summary>
public abstract class FieldAttribute : ValidationAttribute
{
    /// <summary>The least length, in UTF-16 units.</summary>
    public virtual int? Min => null;

    /// <summary>The greatest length, in UTF-16 units.</summary>
    public virtual int? Max => null;

    /// <summary>The pattern of an acceptable text (ECMA 262).</summary>
    public virtual string? Pattern => null;

    /// <summary>The format, as JSON Schema names it.</summary>
    public virtual string? Format => null;

    /// <summary>What is wrong with the text; null when nothing is.</summary>
    protected abstract string? Check(string text);

    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        ArgumentNullException.ThrowIfNull(validationContext);
        if (value is IOptional { IsPresent: true, Value: null } && !MayBeNull(validationContext)) return Problem("must not be null");
        if (value is IOptional optional) value = optional.IsPresent ? optional.Value : null;
        if (value is not string text) return ValidationResult.Success;

        return text.Contains('\0', StringComparison.Ordinal) ? Problem("must not hold a NUL character")
            : Check(text) is { } problem ? Problem(problem)
            : ValidationResult.Success;

        ValidationResult Problem(string problem) => new(problem, validationContext.MemberName is { } name ? [name] : null);
    }

    private static bool MayBeNull(ValidationContext context) =>
        context.MemberName is { } name && context.ObjectType.GetProperty(name, BindingFlags.Public | BindingFlags.Instance) is { } property && OptionalMembers.AllowNull(property);
}

/// <summary>A text that is not blank, of a length within bounds (in UTF-16 units).</summary>
/// <param name="min">The least length.</param>
/// <param name="max">The greatest length.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextAttribute(int min, int max) : FieldAttribute
{
    /// <inheritdoc/>
    public override int? Min => min;

    /// <inheritdoc/>
    public override int? Max => max;

    /// <inheritdoc/>
    protected override string? Check(string text) =>
        text.Length < min || text.Length > max ? $"must have {min} to {max:N0} characters"
        : min > 0 && string.IsNullOrWhiteSpace(text) ? "must not be blank"
        : null;
}
