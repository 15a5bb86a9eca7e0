using System.Linq.Expressions;
using NodaTime;
using Xentree.Data;
using Xentree.Domain.Organizations;

namespace Xentree.Api.Features.Organizations;

/// <summary>Somebody's place in an organization.</summary>
public sealed record MemberResponse : IExample<MemberResponse>
{
    /// <summary>The id of the account.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The unique name of the account.</summary>
    public required string Username { get; init; }

    /// <summary>The name to show.</summary>
    public required string? FullName { get; init; }

    /// <summary>Where the profile picture is.</summary>
    public required string? ProfilePictureUrl { get; init; }

    /// <summary>What the member may do.</summary>
    public required OrganizationRole Role { get; init; }

    /// <summary>The team, a free name.</summary>
    public required string? Team { get; init; }

    /// <summary>When the member joined.</summary>
    public required Instant JoinedAt { get; init; }

    /// <inheritdoc/>
    public static MemberResponse Example { get; } = new()
    {
        UserId = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b11"),
        Username = "ana.kovac",
        FullName = "Ana Kovač",
        ProfilePictureUrl = null,
        Role = OrganizationRole.Manager,
        Team = "Evenings",
        JoinedAt = Instant.FromUtc(2026, 3, 1, 9, 5),
    };
}

/// <summary>A member as the database gives it; <paramref name="Id"/> is the order of the list.</summary>
internal sealed record MemberRow(Guid Id, Guid UserId, string Username, string? FullName, string? PictureBlob, OrganizationRole Role, string? Team, Instant JoinedAt)
{
    public static IQueryable<MemberRow> From(XentreeDbContext context, Expression<Func<Data.Organizations.Member, bool>> which) =>
        from member in context.Members.Where(which)
        join user in context.Users on member.UserId equals user.Id
        orderby member.Id descending
        select new MemberRow(member.Id, user.Id, user.Username, user.FullName, user.PictureBlob, member.Role, member.Team, member.JoinedAt);

    public MemberResponse ToResponse(PictureAddress pictures) => new()
    {
        UserId = UserId,
        Username = Username,
        FullName = FullName,
        ProfilePictureUrl = pictures.Of(PictureBlob),
        Role = Role,
        Team = Team,
        JoinedAt = JoinedAt,
    };
}
