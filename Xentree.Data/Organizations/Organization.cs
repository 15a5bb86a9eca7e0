using NodaTime;
using Xentree.Domain.Organizations;

namespace Xentree.Data.Organizations;

/// <summary>A group of accounts that shares documents, keys and a leaderboard.</summary>
public sealed class Organization
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name to show.</summary>
    public required string Name { get; set; }

    /// <summary>The name in addresses; unique.</summary>
    public required string Slug { get; set; }

    /// <summary>What it is about.</summary>
    public string? Description { get; set; }

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required Instant UpdatedAt { get; set; }

    /// <summary>The Sunday of the last week whose ranking is closed; at first the week before the organization was there.</summary>
    public required LocalDate LeaderboardClosed { get; set; }
}

/// <summary>An account's place in an organization.</summary>
public sealed class Member
{
    /// <summary>The id of the membership, by the real clock: the order of the list.</summary>
    public required Guid Id { get; init; }

    /// <summary>The organization.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The account.</summary>
    public required Guid UserId { get; init; }

    /// <summary>What it may do there.</summary>
    public required OrganizationRole Role { get; set; }

    /// <summary>The team, a free name.</summary>
    public string? Team { get; set; }

    /// <summary>When it joined.</summary>
    public required Instant JoinedAt { get; init; }
}
