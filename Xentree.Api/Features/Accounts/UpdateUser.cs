using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Live;
using Xentree.Domain;

namespace Xentree.Api.Features.Accounts;

/// <summary>A merge patch (RFC 7396) of what administrators change of an account: what is absent stays as it is.</summary>
public sealed record UserUpdateRequest : IExample<UserUpdateRequest>
{
    /// <summary>The plan, which sets the quotas.</summary>
    public Optional<UserPlan> Plan { get; init; }

    /// <summary>Whether the account runs the installation.</summary>
    public Optional<UserRole> Role { get; init; }

    /// <inheritdoc/>
    public static UserUpdateRequest Example { get; } = new() { Plan = new(UserPlan.Pro) };
}

internal static class UpdateUser
{
    public static async Task<Results<Ok<UserProfile>, Failure>> HandleAsync(
        Guid userId, UserUpdateRequest request, XentreeDbContext context, LiveSessions live, Callers callers, PictureAddress pictures, TimeProvider time, CancellationToken cancellation)
    {
        var (user, failure) = await context.InTransactionAsync(cancel => PatchAsync(userId, request, context, live, callers, time, cancel), cancellation);
        return failure is null ? TypedResults.Ok(UserProfile.Of(user!, pictures)) : failure;
    }

    private static async Task<(User? User, Failure? Failure)> PatchAsync(
        Guid userId, UserUpdateRequest request, XentreeDbContext context, LiveSessions live, Callers callers, TimeProvider time, CancellationToken cancellation)
    {
        // A plan sets what the active live session may still use.
        await context.LockLearnerAsync(userId, cancellation);
        var locked = await context.LockWithAdministratorsAsync(userId, cancellation);
        if (locked.Find(u => u.Id == userId) is not { } user) return (null, Failures.NotFound);

        // The account's own clock, whoever changes it.
        var now = user.SandboxNow ?? time.Now;
        var before = (user.Plan, user.Role);
        if (request.Plan.IsPresent && request.Plan.Value != user.Plan) await live.ChangePlanAsync(user, request.Plan.Value, now, cancellation);
        request.Role.Apply(role => user.Role = role);
        if (before == (user.Plan, user.Role)) return (user, null);
        if (locked.TrueForAll(u => u.Role != UserRole.Admin)) return (null, Failures.LastAdmin);

        user.UpdatedAt = now;
        await callers.ForgetSessionsAsync(await context.OpenSessions(userId).Select(s => s.Id).ToListAsync(cancellation));
        await context.SaveChangesAsync(cancellation);
        return (user, null);
    }
}
