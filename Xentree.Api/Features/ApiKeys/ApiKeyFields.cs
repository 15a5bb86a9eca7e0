using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using Xentree.Domain.ApiKeys;

namespace Xentree.Api.Features.ApiKeys;

/// <summary>At least one scope, each of which exists.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ScopesAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        ArgumentNullException.ThrowIfNull(validationContext);
        if (value is not IReadOnlyCollection<string?> { Count: > 0 } scopes) return Problem("must name at least one scope");

        return scopes.All(scope => scope is not null && Scope.IsKnown(scope))
            ? ValidationResult.Success
            : Problem($"must be among {string.Join(", ", Scope.All)}");

        ValidationResult Problem(string message) => new(message, [validationContext.MemberName!]);
    }
}

/// <summary>IP addresses and CIDR ranges, of IPv4 and IPv6.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddressRangesAttribute : ValidationAttribute
{
    private const int Max = 100;

    /// <summary>The usual text of an address or range, whose host bits are zero; null where the text is neither.</summary>
    public static string? Normalize(string text)
    {
        // Shorthands ("10.1"), octal and hexadecimal parts are read differently by different programs: they are no addresses here. Nor
        // are IPv4 addresses in IPv6 form, because who calls from one is seen as the IPv4 address.
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address)) return null;
        if (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != (slash < 0 ? text : text[..slash])) return null;
        if (address.IsIPv4MappedToIPv6 || text.AsSpan().IndexOfAny('%', '[') >= 0) return null;
        if (slash < 0) return address.ToString();

        return IPNetwork.TryParse(text, out var network) ? network.ToString() : null;
    }

    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        ArgumentNullException.ThrowIfNull(validationContext);
        if (value is not IReadOnlyCollection<string?> ranges) return ValidationResult.Success;
        if (ranges.Count > Max) return Problem($"must have at most {Max} entries");

        return ranges.All(range => range is not null && Normalize(range) is not null)
            ? ValidationResult.Success
            : Problem("must be IP addresses or CIDR ranges such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32");

        ValidationResult Problem(string message) => new(message, [validationContext.MemberName!]);
    }
}
