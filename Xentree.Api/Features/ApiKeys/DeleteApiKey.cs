using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.ApiKeys;

namespace Xentree.Api.Features.ApiKeys;

internal static class DeleteApiKey
{
    public static async Task<Results<NoContent, Failure>> HandleAsync(
        Guid keyId, Caller caller, XentreeDbContext context, Callers callers, CancellationToken cancellation)
    {
        var key = await context.KeysVisibleTo(caller.UserId).AsNoTracking().SingleOrDefaultAsync(k => k.Id == keyId, cancellation);
        if (key is null) return Failures.NotFound;

        await callers.ForgetApiKeysAsync([key.Hash]);
        return await context.KeysVisibleTo(caller.UserId).Where(k => k.Id == keyId).ExecuteDeleteAsync(cancellation) == 0
            ? Failures.NotFound
            : TypedResults.NoContent();
    }
}
