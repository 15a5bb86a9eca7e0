using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Knowledge;

namespace Xentree.Api.Features.Knowledge;

internal static class GetDocument
{
    public static async Task<Results<Ok<DocumentResponse>, Failure>> HandleAsync(
        Guid documentId, Caller caller, XentreeDbContext context, CancellationToken cancellation) =>
        await context.DocumentsVisibleTo(caller.Owner).Where(d => d.Id == documentId).Select(DocumentResponse.Of).SingleOrDefaultAsync(cancellation) is { } document
            ? TypedResults.Ok(document)
            : Failures.NotFound;
}
