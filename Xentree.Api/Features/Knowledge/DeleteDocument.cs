using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Blobs;
using Xentree.Data.Knowledge;
using Xentree.Data.Organizations;
using Xentree.Domain.Organizations;

namespace Xentree.Api.Features.Knowledge;

internal static class DeleteDocument
{
    public static async Task<Results<NoContent, Failure>> HandleAsync(
        Guid documentId, Caller caller, XentreeDbContext context, TimeProvider time, CancellationToken cancellation) =>
        await context.InTransactionAsync(cancel => DeleteAsync(documentId, caller, context, time, cancel), cancellation) is { } failure
            ? failure
            : TypedResults.NoContent();

    private static async Task<Failure?> DeleteAsync(Guid documentId, Caller caller, XentreeDbContext context, TimeProvider time, CancellationToken cancellation)
    {
        await context.LockDocumentAsync(documentId, cancellation);
        if (await context.DocumentsVisibleTo(caller.Owner).SingleOrDefaultAsync(d => d.Id == documentId, cancellation) is not { } document) return Failures.NotFound;
        if (document.UserId != caller.UserId
            && await context.FindRoleAsync(document.OrganizationId!.Value, caller.UserId, caller.OrganizationId, cancellation) is not (OrganizationRole.Owner or OrganizationRole.Admin))
            return Failures.Forbidden;

        context.DiscardBlob(BlobContainers.Documents, document.Blob, time);
        context.Documents.Remove(document);
        await context.SaveChangesAsync(cancellation);
        return null;
    }
}
