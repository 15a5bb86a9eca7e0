using Microsoft.AspNetCore.Http.HttpResults;
using Xentree.Api.Auth;

namespace Xentree.Api.Features.Organizations;

internal static class RemoveMember
{
    public static async Task<Results<NoContent, Failure>> HandleAsync(
        Guid orgId, Guid userId, Caller caller, Memberships memberships, CancellationToken cancellation) =>
        await memberships.RemoveAsync(caller, orgId, userId, cancellation) is { } failure ? failure : TypedResults.NoContent();
}
