using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Organizations;
using Xentree.Domain;
using Xentree.Domain.Organizations;

namespace Xentree.Api.Features.Organizations;

/// <summary>Who joins an organization, named by username or by id, and as what.</summary>
public sealed record MemberAddRequest : IValidatableObject, IExample<MemberAddRequest>
{
    /// <summary>The username; either this or <c>user_id</c>.</summary>
    [Text(1, 100)]
    public string? Username { get; init; }

    /// <summary>The id of the account; either this or <c>username</c>.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The role, which cannot be above your own.</summary>
    public required OrganizationRole Role { get; init; }

    /// <summary>The team, a free name.</summary>
    [Text(1, 100)]
    public string? Team { get; init; }

    /// <inheritdoc/>
    public static MemberAddRequest Example { get; } = new() { Username = "ana.kovac", Role = OrganizationRole.Manager, Team = "Evenings" };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Username is null == UserId is null) yield return new ValidationResult("give either username or user_id", [nameof(Username)]);
    }
}

internal static class AddMember
{
    public static async Task<Results<Created<MemberResponse>, Failure>> HandleAsync(
        Guid orgId,
        MemberAddRequest request,
        Caller caller,
        XentreeDbContext context,
        Memberships memberships,
        PictureAddress pictures,
        BusinessClock clock,
        TimeProvider time,
        CancellationToken cancellation)
    {
        // Who exists is told to those who may add members, and to nobody else.
        var role = await context.FindRoleAsync(orgId, caller.UserId, caller.OrganizationId, cancellation);
        if (role is null) return Failures.NotFound;
        if (!role.Value.MayManage(request.Role)) return Failures.Forbidden;

        var key = request.Username is { } name ? User.Key(name) : null;
        var user = await context.Users.AsNoTracking().SingleOrDefaultAsync(u => key == null ? u.Id == request.UserId : u.UsernameKey == key, cancellation);
        if (user is null) return Failures.NotFound with { Message = "There is no such user." };

        var member = new Member { Id = time.NewId(), OrganizationId = orgId, UserId = user.Id, Role = request.Role, Team = request.Team, JoinedAt = clock.Now };
        if (await memberships.AddAsync(caller, member, cancellation) is { } failure) return failure;

        var row = new MemberRow(member.Id, user.Id, user.Username, user.FullName, user.PictureBlob, member.Role, member.Team, member.JoinedAt);
        return TypedResults.Created($"/api/organizations/{orgId}/members/{user.Id}", row.ToResponse(pictures));
    }
}
