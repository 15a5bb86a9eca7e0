using Microsoft.AspNetCore.Identity;
using Xentree.Api.Auth;
using Xentree.Api.Http.Idempotency;
using Xentree.Api.Http.RateLimits;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data.Accounts;

namespace Xentree.Api.Features.Accounts;

internal static class AccountEndpoints
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<AccountOptions>().BindConfiguration(AccountOptions.Section);
        services.AddHttpContextAccessor();
        services.AddSingleton<PictureAddress>();
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<DummyPassword>();
        services.AddScoped<SignIn>();
    }

    public static void MapAccounts(this WebApplication app)
    {
        var auth = app.MapGroup("/api/auth").WithTags("Authentication");

        auth.MapPost("/register", Register.HandleAsync)
            .AllowAnonymous()
            .LimitedBy(RateLimitPolicy.Register)
            .AcceptsIdempotencyKey()
            .WithMetadata(new OpensSandbox())
            .WithName("register")
            .WithSummary("Register a new user")
            .WithDescription(
                """
                Creates an account. Log in afterwards to get an access token. Names and addresses are unique without regard to case.
                In Development, a user who is registered with the header `X-Xentree-Now` is a sandbox user, who lives on a clock of their own.
                """)
            .Fails("username_taken", "email_taken");

        auth.MapPost("/login", LogIn.HandleAsync)
            .AllowAnonymous()
            .DisableAntiforgery()
            .Accepts<LogInForm>("application/x-www-form-urlencoded")
            .LimitedBy(RateLimitPolicy.Login)
            .WithName("login")
            .WithSummary("Log in and get an access token")
            .WithDescription("Opens a session. The access token works for 15 minutes; the refresh token gives the next pair and works once, for 30 days.")
            .Fails("invalid_credentials");

        auth.MapPost("/refresh", Refresh.HandleAsync)
            .AllowAnonymous()
            .WithName("refresh")
            .WithSummary("Refresh an access token")
            .WithDescription(
                """
                Trades a refresh token for a new pair. A refresh token works once: using it again within ten seconds gives the same pair
                (the answer may have been lost), any later reuse ends the session, because somebody else has the token too.
                """)
            .Fails("invalid_token");

        auth.MapPost("/logout", LogOut.HandleAsync)
            .RequireBearer()
            .WithName("logout")
            .WithSummary("Log out the current user")
            .WithDescription("Ends this session at once, its access token included, on every replica.");

        auth.MapGet("/me", GetMe.HandleAsync)
            .RequireBearer()
            .WithName("getMe")
            .WithSummary("Get the current authenticated user")
            .WithDescription("The account behind the access token.");

        auth.MapPatch("/me", UpdateMe.HandleAsync)
            .RequireBearer()
            .Accepts<UpdateMeRequest>("application/json", "application/merge-patch+json")
            .WithName("updateMe")
            .WithSummary("Update the current authenticated user")
            .WithDescription("A JSON merge patch (RFC 7396): what is absent stays as it is. A new password needs `current_password` and ends all other sessions.")
            .Fails("email_taken", "zone_change_limit");

        auth.MapGet("/sessions", ListSessions.HandleAsync)
            .RequireBearer()
            .WithName("listSessions")
            .WithSummary("List signed-in sessions")
            .WithDescription("The sessions of the account that have not ended, newest first.");

        auth.MapDelete("/sessions/{sessionId:uuid}", EndSession.HandleAsync)
            .RequireBearer()
            .WithName("endSession")
            .WithSummary("End a signed-in session")
            .WithDescription("Ends one of your sessions at once, its access token included.")
            .Fails("not_found");
    }
}
