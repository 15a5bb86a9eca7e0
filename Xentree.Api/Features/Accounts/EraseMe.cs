using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Blobs;
using Xentree.Data.Knowledge;
using Xentree.Data.Organizations;

namespace Xentree.Api.Features.Accounts;

internal static class EraseMe
{
    public static async Task<Results<NoContent, Failure>> HandleAsync(
        Caller caller, XentreeDbContext context, Callers callers, TimeProvider time, CancellationToken cancellation) =>
        await context.InTransactionAsync(cancel => EraseAsync(caller.UserId, context, callers, time, cancel), cancellation) is { } failure
            ? failure
            : TypedResults.NoContent();

    private static async Task<Failure?> EraseAsync(Guid userId, XentreeDbContext context, Callers callers, TimeProvider time, CancellationToken cancellation)
    {
        // From here on nothing can be added to the account: no session, no key, no membership.
        if (await context.LockUserForErasureAsync(userId, cancellation) is not { } user) return Failures.InvalidToken;

        var memberships = context.Members.Where(m => m.UserId == userId);
        foreach (var id in await memberships.OrderBy(m => m.OrganizationId).Select(m => m.OrganizationId).ToListAsync(cancellation))
            await context.LockOrganizationAsync(id, cancellation);

        var orphans = await context.OrganizationsOwnedOnlyBy(userId).Select(o => new { o.Id, IsAlone = context.Members.Count(m => m.OrganizationId == o.Id) == 1 })
            .ToListAsync(cancellation);
        if (orphans.Any(o => !o.IsAlone))
            return Failures.LastOwner with { More = new Dictionary<string, object?> { ["organization_ids"] = orphans.Where(o => !o.IsAlone).Select(o => o.Id) } };

        await callers.ForgetSessionsAsync(await context.OpenSessions(userId).Select(s => s.Id).ToListAsync(cancellation));
        await callers.ForgetApiKeysAsync(await context.ApiKeys.Where(k => k.CreatedBy == userId).Select(k => k.Hash).ToListAsync(cancellation));

        context.DiscardBlob(BlobContainers.Pictures, user.PictureBlob, time);
        await context.SaveChangesAsync(cancellation);
        await context.DiscardDocumentsOfAsync(userId, time, cancellation);
        var alone = orphans.Select(o => o.Id).ToList();
        await context.Organizations.Where(o => alone.Contains(o.Id)).ExecuteDeleteAsync(cancellation);
        // Everything else that is the account's goes with its row.
        await context.Users.Where(u => u.Id == userId).ExecuteDeleteAsync(cancellation);
        return null;
    }
}
