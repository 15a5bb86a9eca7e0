using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Domain.Organizations;

namespace Xentree.Api.Features.Organizations;

/// <summary>A merge patch (RFC 7396) of a member: what is absent stays as it is.</summary>
public sealed record MemberUpdateRequest : IExample<MemberUpdateRequest>
{
    /// <summary>A new role, which cannot be above your own.</summary>
    public Optional<OrganizationRole> Role { get; init; }

    /// <summary>A new team; null removes it.</summary>
    [Text(1, 100)]
    public Optional<string?> Team { get; init; }

    /// <inheritdoc/>
    public static MemberUpdateRequest Example { get; } = new() { Role = new(OrganizationRole.Admin) };
}

/// <summary>A member's role and team.</summary>
public sealed record MemberReplaceRequest : IExample<MemberReplaceRequest>
{
    /// <summary>The role, which cannot be above your own.</summary>
    public required OrganizationRole Role { get; init; }

    /// <summary>The team, a free name; absent for none.</summary>
    [Text(1, 100)]
    public string? Team { get; init; }

    /// <inheritdoc/>
    public static MemberReplaceRequest Example { get; } = new() { Role = OrganizationRole.Manager, Team = "Mornings" };
}

internal static class UpdateMember
{
    public static async Task<Results<Ok<MemberResponse>, Failure>> HandleAsync(
        Guid orgId,
        Guid userId,
        MemberUpdateRequest request,
        Caller caller,
        XentreeDbContext context,
        Memberships memberships,
        PictureAddress pictures,
        CancellationToken cancellation) =>
        await memberships.ChangeAsync(caller, orgId, userId, request.Role, request.Team, cancellation) is { } failure
            ? failure
            : await AnswerAsync(context, orgId, userId, pictures, cancellation);

    public static async Task<Results<Ok<MemberResponse>, Failure>> AnswerAsync(
        XentreeDbContext context, Guid orgId, Guid userId, PictureAddress pictures, CancellationToken cancellation) =>
        await MemberRow.From(context, m => m.OrganizationId == orgId && m.UserId == userId).SingleOrDefaultAsync(cancellation) is { } row
            ? TypedResults.Ok(row.ToResponse(pictures))
            : Failures.NotFound;
}

internal static class ReplaceMember
{
    public static async Task<Results<Ok<MemberResponse>, Failure>> HandleAsync(
        Guid orgId,
        Guid userId,
        MemberReplaceRequest request,
        Caller caller,
        XentreeDbContext context,
        Memberships memberships,
        PictureAddress pictures,
        CancellationToken cancellation) =>
        await memberships.ChangeAsync(caller, orgId, userId, new(request.Role), new(request.Team), cancellation) is { } failure
            ? failure
            : await UpdateMember.AnswerAsync(context, orgId, userId, pictures, cancellation);
}
