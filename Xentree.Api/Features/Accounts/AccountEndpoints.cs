using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Xentree.Api.Auth;
using Xentree.Api.Http.Export;
using Xentree.Api.Http.Idempotency;
using Xentree.Api.Http.RateLimits;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data.Accounts;

namespace Xentree.Api.Features.Accounts;

internal static class AccountEndpoints
{
    /// <summary>For a slow line: what takes long is the transfer.</summary>
    private static readonly TimeSpan LongTimeout = TimeSpan.FromMinutes(5);

    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<AccountOptions>().BindConfiguration(AccountOptions.Section);
        services.AddHttpContextAccessor();
        services.AddSingleton<PictureAddress>();
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<DummyPassword>();
        services.AddScoped<SignIn>();
        services.AddExportPart("sessions", ExportMe.Sessions, session => session.Id);
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

        auth.MapDelete("/me", EraseMe.HandleAsync)
            .RequireBearer()
            .WithName("deleteMe")
            .WithSummary("Erase the current authenticated user")
            .WithDescription(
                """
                Erases the account and all that belongs to it, at once and for good: sessions and API keys stop working, and organizations
                in which you are alone go too. While you are the last owner of an organization with other members it is refused
                (`last_owner`, with `organization_ids`): make somebody else owner, or delete the organization, first.
                """)
            .Fails("last_owner");

        auth.MapGet("/me/export", ExportMe.HandleAsync)
            .RequireBearer()
            .WithRequestTimeout(LongTimeout)
            .WithName("exportMe")
            .WithSummary("Download all data of the current authenticated user")
            .WithDescription("All that is stored of the account, as one JSON document: the account, and an array for each kind of row.");

        auth.MapPut("/me/picture", SetPicture.HandleAsync)
            .RequireBearer()
            .DisableAntiforgery()
            .WithRequestTimeout(LongTimeout)
            .WithMetadata(new RequestSizeLimitAttribute(SetPicture.MaxBodyBytes))
            .WithName("setPicture")
            .WithSummary("Set the profile picture")
            .WithDescription(
                """
                The part `file` is a PNG, JPEG or WebP of up to 5 MB and 50 million pixels. Its middle becomes the profile picture: 512×512
                pixels, upright, without metadata, at a new public address, which the answer's `profile_picture_url` holds.
                """)
            .Fails("too_large", "unsupported_media_type", "dependency_unavailable");

        auth.MapDelete("/me/picture", DeletePicture.HandleAsync)
            .RequireBearer()
            .WithName("deletePicture")
            .WithSummary("Remove the profile picture")
            .WithDescription("The account has no picture from now on, and the address of the old one answers 404.");

        app.MapGet(PictureAddress.Path + "/{name}", GetPicture.HandleAsync)
            .AllowAnonymous()
            .WithTags("Authentication")
            .WithName("getPicture")
            .WithSummary("Get a profile picture")
            .WithDescription("A profile picture at its `profile_picture_url`. What is there never changes, so it may be cached for good.")
            .Produces(StatusCodes.Status200OK, contentType: PictureImage.MediaType)
            .Fails("not_found", "dependency_unavailable");

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
