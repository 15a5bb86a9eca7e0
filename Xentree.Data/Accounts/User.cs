using NodaTime;

namespace Xentree.Data.Accounts;

/// <summary>Somebody with an account.</summary>
public sealed class User
{
    /// <summary>The id, by the real clock.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name as it was typed.</summary>
    public required string Username { get; init; }

    /// <summary>The name without regard to case: what is unique.</summary>
    public required string UsernameKey { get; init; }

    /// <summary>The address as it was typed.</summary>
    public required string Email { get; set; }

    /// <summary>The address without regard to case: what is unique.</summary>
    public required string EmailKey { get; set; }

    /// <summary>The hash of the password, with its algorithm and parameters.</summary>
    public required string PasswordHash { get; set; }

    /// <summary>The name to show, if one was given.</summary>
    public string? FullName { get; set; }

    /// <summary>The name used in Xentree Live.</summary>
    public string? Nickname { get; set; }

    /// <summary>The IANA id of the zone now in force; the history of zones is an input of the learning engine.</summary>
    public required string Timezone { get; set; }

    /// <summary>A BCP 47 language tag.</summary>
    public required string Language { get; set; }

    /// <summary>What the account pays for.</summary>
    public UserPlan Plan { get; set; }

    /// <summary>Whether the account runs the installation.</summary>
    public UserRole Role { get; set; }

    /// <summary>Whether the public profile exists.</summary>
    public ProfileVisibility ProfileVisibility { get; set; }

    /// <summary>The blob that holds the picture, if there is one.</summary>
    public string? PictureBlob { get; set; }

    /// <summary>Where the business clock of a sandbox user stands; null for everybody else.</summary>
    public Instant? SandboxNow { get; set; }

    /// <summary>When the account was registered, by its business clock.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When the profile last changed, by its business clock.</summary>
    public required Instant UpdatedAt { get; set; }

    /// <summary>A name or an address without regard to case and surrounding blanks.</summary>
    public static string Key(string text) => text.Trim().ToLowerInvariant();
}

/// <summary>What an account pays for; the plan sets its quotas.</summary>
public enum UserPlan
{
    /// <summary>Nothing.</summary>
    Free,

    /// <summary>The small plan.</summary>
    Plus,

    /// <summary>The large plan.</summary>
    Pro,
}

/// <summary>What an account may do on the installation.</summary>
public enum UserRole
{
    /// <summary>Learn.</summary>
    User,

    /// <summary>Run the installation.</summary>
    Admin,
}

/// <summary>Who may see a profile.</summary>
public enum ProfileVisibility
{
    /// <summary>Everybody.</summary>
    Public,

    /// <summary>Its owner.</summary>
    Private,
}
