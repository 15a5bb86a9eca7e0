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
    public string? Username { get; init; }

    /// <summary>The password.</summary>
    public string? Password { get; init; }

    /// <inheritdoc/>
    public static LogInForm Example { get; } = new() { Username = "ana.kovac", Password = "three brown foxes" };
}

internal static class LogIn
{
    private const int MaxLength = 1_000;

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
        if (Problems(form) is { Count: > 0 } problems) return Failures.Validation(problems);
        var (username, password) = (form.Username!, form.Password!);

        // Counted before the password is looked at and taken back when it is right, so that tries at once do not slip through; by
        // account and address together, so that nobody can lock another out.
        var failures = new Window($"limit:login-failures:{ClientAddress.LimitKey(http)}:{User.Key(username)}", "login-failures", limits.Value.LoginFailures);
        if (await shared.CountAsync(failures) is { IsExceeded: true } exceeded) return Failures.RateLimited(exceeded.ResetSeconds);

        var user = await context.FindUserByLoginAsync(username, cancellation);
        // A name that nobody has costs the same time as a wrong password.
        var verified = passwords.VerifyHashedPassword(user ?? DummyPassword.Nobody, user?.PasswordHash ?? dummy.Hash, password);
        if (user is null || verified == PasswordVerificationResult.Failed) return Failures.InvalidCredentials;

        if (verified == PasswordVerificationResult.SuccessRehashNeeded) user.PasswordHash = passwords.HashPassword(user, password);
        await shared.UncountAsync(failures);
        return TypedResults.Ok(await signIn.OpenAsync(user.Id, http, cancellation));
    }

    private static Dictionary<string, string[]> Problems(LogInForm form)
    {
        var problems = new Dictionary<string, string[]>();
        Check("username", form.Username);
        Check("password", form.Password);
        return problems;

        void Check(string name, string? value)
        {
            if (string.IsNullOrEmpty(value)) problems[name] = ["is required"];
            else if (value.Length > MaxLength) problems[name] = [$"must have at most {MaxLength:N0} characters"];
            else if (value.Contains('\0', StringComparison.Ordinal)) problems[name] = ["must not hold a NUL character"];
        }
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
