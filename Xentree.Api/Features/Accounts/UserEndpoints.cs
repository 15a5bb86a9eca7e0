using Xentree.Api.Auth;

namespace Xentree.Api.Features.Accounts;

internal static class UserEndpoints
{
    public static void MapUsers(this WebApplication app) =>
        app.MapPatch("/api/admin/users/{userId:uuid}", UpdateUser.HandleAsync)
            .WithTags("Administration")
            .RequireAdmin()
            .Accepts<UserUpdateRequest>("application/json", "application/merge-patch+json")
            .WithName("updateUser")
            .WithSummary("Update a user's plan or role")
            .WithDescription(
                """
                A JSON merge patch (RFC 7396) of what only administrators of the installation may change. It holds from the user's next request on,
                on every replica. The last administrator keeps the role (409 `last_admin`): make somebody else administrator first.
                """)
            .Fails("last_admin");
}
