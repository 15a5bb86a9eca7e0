using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Xentree.Api.Auth;
using Xentree.Api.Http.RateLimits;
using Xentree.Data;
using Xentree.Data.Accounts;

namespace Xentree.Api.Features.Accounts;

/// <summary>The form of a log-in.</summary>
public sealed record LogInForm : IExample<LogInForm>
{
    /// <summary>The username, or the e-mail address.</summary>
    [Required, Text(1, 1_000)]
    public string Username { get; init; } = "";

    /// <summary>The password.</summary>
    [Required, Text(1, 1_000)]
    public string Password { get; init; } = "";

    /// <inheritdoc/>
    public static LogInForm Example { get; } = new() { Username = "ana.kovac", Password = "three brown foxes" };
}

internal static class LogIn
{
    public static async Task<Results<Ok<TokenResponse>, Failure>> HandleAsync(
        [FromForm] LogInForm form,
        HttpContext http,
        XentreeDbContext context,
        IPasswordHasher<User> passwords,
        DummyPassword dummy,
        SharedState shared,
        IOptions<RateLimitOptions> limits,
        SignIn signIn,
        CancellationToken cancellation)
    {
        var (username, password) = (form.Username, form.Password);

        // Counted before the password is looked at and taken back when it is right, so that tries at once do not slip through; by
        // account (whichever of its two names was typed) and address together, so that nobody can lock another out.
        var user = await context.FindUserByLoginAsync(username, cancellation);
        var failures = user is null ? SignIn.FailuresOf(User.Key(username), http, limits.Value) : SignIn.FailuresOf(user.Id, http, limits.Value);
        if (await shared.CountAsync(failures) is { IsExceeded: true } exceeded) return Failures.RateLimited(exceeded.ResetSeconds);

        // A name that nobody has costs the same time as a wrong password.
        var verified = passwords.VerifyHashedPassword(user ?? DummyPassword.Nobody, user?.PasswordHash ?? dummy.Hash, password);
        if (user is null || verified == PasswordVerificationResult.Failed) return Failures.InvalidCredentials;

        await shared.UncountAsync(failures);
        var rehashed = verified == PasswordVerificationResult.SuccessRehashNeeded ? passwords.HashPassword(user, password) : null;
        return await signIn.OpenAsync(user, rehashed, http, cancellation) is { } tokens ? TypedResults.Ok(tokens) : Failures.InvalidCredentials;
    }
}

/// <summary>The hash that a password is compared with when nobody has the name.</summary>
internal sealed class DummyPassword(IPasswordHasher<User> passwords)
{
    public static User Nobody { get; } = new()
    {
        Id = default,
        Username = "",
        UsernameKey = "",
        Email = "",
        EmailKey = "",
        PasswordHash = "",
        Timezone = "",
        Language = "",
        CreatedAt = default,
        UpdatedAt = default,
    };

    public string Hash { get; } = passwords.HashPassword(Nobody, "no account has this password");
}
