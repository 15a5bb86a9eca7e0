namespace Xentree.Api.Features.Accounts;

/// <summary>Settings of accounts (section <c>Accounts</c>).</summary>
public sealed class AccountOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Accounts";

    /// <summary>The username that becomes an administrator when it registers: how an installation gets its first one.</summary>
    public string? AdminUsername { get; init; }

    /// <summary>Whether <paramref name="username"/> becomes an administrator.</summary>
    public bool IsAdmin(string username) => string.Equals(username, AdminUsername, StringComparison.OrdinalIgnoreCase);
}
