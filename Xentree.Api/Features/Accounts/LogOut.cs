using Microsoft.AspNetCore.Http.HttpResults;
using Xentree.Api.Auth;
using Xentree.Data;

namespace Xentree.Api.Features.Accounts;

internal static class LogOut
{
    public static async Task<NoContent> HandleAsync(Caller caller, XentreeDbContext context, SignIn signIn, CancellationToken cancellation)
    {
        await signIn.EndAsync(context.SignInSessions.Where(s => s.UserId == caller.UserId && s.Id == caller.SessionId), cancellation);
        return TypedResults.NoContent();
    }
}
