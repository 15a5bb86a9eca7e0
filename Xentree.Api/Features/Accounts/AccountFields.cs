using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Xentree.Domain.Days;

namespace Xentree.Api.Features.Accounts;

/// <summary>A username: 3 to 32 of a–z, 0–9, <c>_</c>, <c>.</c> and <c>-</c>, in either case.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed partial class UsernameAttribute : FieldAttribute
{
    /// <inheritdoc/>
    public override int? Min => 3;

    /// <inheritdoc/>
    public override int? Max => 32;

    /// <inheritdoc/>
    public override string Pattern => "^[A-Za-z0-9_.-]*$";

    /// <inheritdoc/>
    protected override string? Check(string text) => Form.IsMatch(text) ? null : "must have 3 to 32 of the characters a–z, 0–9, _, . and -";

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{3,32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }
}

/// <summary>An e-mail address: something before and after one <c>@</c>, at most 254 characters. Whether it exists, only a message can tell.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed partial class EmailAttribute : FieldAttribute
{
    private const int MaxLength = 254;

    /// <inheritdoc/>
    public override int? Max => MaxLength;

    /// <inheritdoc/>
    public override string Format => "email";

    /// <inheritdoc/>
    protected override string? Check(string text) => text.Length <= MaxLength && Form.IsMatch(text) ? null : "must be an e-mail address";

    [GeneratedRegex(@"\A[^@\s\p{C}]{1,64}@[^@\s\p{C}.]+(\.[^@\s\p{C}.]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }
}

/// <summary>A password: 8 to 1,000 characters, and none of those that are tried first (NIST SP 800-63B, section 5.1.1.2).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PasswordAttribute : FieldAttribute
{
    private const int MinLength = 8;
    private const int MaxLength = 1_000;

    private static readonly Lazy<FrozenSet<string>> Common = new(ReadCommon);

    /// <inheritdoc/>
    public override int? Min => MinLength;

    /// <inheritdoc/>
    public override int? Max => MaxLength;

    /// <inheritdoc/>
    protected override string? Check(string text) =>
        text.Length is < MinLength or > MaxLength ? $"must have {MinLength} to {MaxLength:N0} characters"
        : Common.Value.Contains(text) ? "is one of the passwords that are tried first; choose another"
        : null;

    private static FrozenSet<string> ReadCommon()
    {
        using var stream = typeof(PasswordAttribute).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>An IANA time zone (rule D7): a name of the tz database, never an offset.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimezoneAttribute : FieldAttribute
{
    /// <inheritdoc/>
    protected override string? Check(string text) =>
        Zones.IsKnown(text) ? null : "must be an IANA time zone such as Europe/Madrid";
}
