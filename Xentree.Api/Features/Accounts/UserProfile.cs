using NodaTime;
using Xentree.Data.Accounts;

namespace Xentree.Api.Features.Accounts;

/// <summary>An account as its owner and administrators see it.</summary>
public sealed record UserProfile : IExample<UserProfile>
{
    /// <summary>The id of the account.</summary>
    public required Guid Id { get; init; }

    /// <summary>The unique name.</summary>
    public required string Username { get; init; }

    /// <summary>The e-mail address; only its owner and administrators see it.</summary>
    public required string Email { get; init; }

    /// <summary>The name to show.</summary>
    public required string? FullName { get; init; }

    /// <summary>Where the profile picture is, 512×512 pixels; it may be kept for long, because a new picture has a new address.</summary>
    public required string? ProfilePictureUrl { get; init; }

    /// <summary>Whether the public profile exists.</summary>
    public required ProfileVisibility ProfileVisibility { get; init; }

    /// <summary>The name used in Xentree Live.</summary>
    public required string? Nickname { get; init; }

    /// <summary>The IANA time zone in which days begin and end.</summary>
    public required string Timezone { get; init; }

    /// <summary>The language tag for explanations.</summary>
    public required string Language { get; init; }

    /// <summary>The plan, which sets the quotas.</summary>
    public required UserPlan Plan { get; init; }

    /// <summary>Whether the account runs the installation.</summary>
    public required UserRole Role { get; init; }

    /// <summary>When the account was registered.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When the profile last changed.</summary>
    public required Instant UpdatedAt { get; init; }

    /// <inheritdoc/>
    public static UserProfile Example { get; } = new()
    {
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b11"),
        Username = "ana.kovac",
        Email = "ana@example.org",
        FullName = "Ana Kovač",
        ProfilePictureUrl = null,
        ProfileVisibility = ProfileVisibility.Public,
        Nickname = "Ana",
        Timezone = "Europe/Zagreb",
        Language = "hr",
        Plan = UserPlan.Free,
        Role = UserRole.User,
        CreatedAt = Instant.FromUtc(2026, 3, 1, 8, 30),
        UpdatedAt = Instant.FromUtc(2026, 3, 1, 8, 30),
    };

    /// <summary>The profile of an account.</summary>
    public static UserProfile Of(User user, PictureAddress pictures) => new()
    {
        Id = user.Id,
        Username = user.Username,
        Email = user.Email,
        FullName = user.FullName,
        ProfilePictureUrl = pictures.Of(user.PictureBlob),
        ProfileVisibility = user.ProfileVisibility,
        Nickname = user.Nickname,
        Timezone = user.Timezone,
        Language = user.Language,
        Plan = user.Plan,
        Role = user.Role,
        CreatedAt = user.CreatedAt,
        UpdatedAt = user.UpdatedAt,
    };
}
