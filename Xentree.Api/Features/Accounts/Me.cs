using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.RateLimits;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Learning;
using Xentree.Domain.Days;

namespace Xentree.Api.Features.Accounts;

internal static class GetMe
{
    public static async Task<Results<Ok<UserProfile>, Failure>> HandleAsync(
        Caller caller, XentreeDbContext context, PictureAddress pictures, CancellationToken cancellation) =>
        await context.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == caller.UserId, cancellation) is { } user
            ? TypedResults.Ok(UserProfile.Of(user, pictures))
            : Failures.InvalidToken;
}

/// <summary>A merge patch (RFC 7396) of the profile: what is absent stays as it is.</summary>
public sealed record UpdateMeRequest : IValidatableObject, IExample<UpdateMeRequest>
{
    /// <summary>The name to show; null removes it.</summary>
    [Text(1, 100)]
    public Optional<string?> FullName { get; init; }

    /// <summary>A new e-mail address.</summary>
    [Email]
    public Optional<string> Email { get; init; }

    /// <summary>A new IANA time zone. At most three changes take effect in 168 hours.</summary>
    [Timezone]
    public Optional<string> Timezone { get; init; }

    /// <summary>A new language tag.</summary>
    [Language]
    public Optional<string> Language { get; init; }

    /// <summary>Whether the public profile exists.</summary>
    public Optional<ProfileVisibility> ProfileVisibility { get; init; }

    /// <summary>A new password; <c>current_password</c> must go with it. It ends all other sessions.</summary>
    [Password]
    public Optional<string> Password { get; init; }

    /// <summary>The password until now; only with <c>password</c>.</summary>
    public string? CurrentPassword { get; init; }

    /// <inheritdoc/>
    public static UpdateMeRequest Example { get; } = new() { FullName = new("Ana K."), Timezone = new("Europe/London") };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Password.IsPresent && string.IsNullOrEmpty(CurrentPassword)) yield return new ValidationResult("is required with password", [nameof(CurrentPassword)]);
    }
}

internal static class UpdateMe
{
    public static async Task<Results<Ok<UserProfile>, Failure>> HandleAsync(
        UpdateMeRequest request,
        Caller caller,
        XentreeDbContext context,
        IPasswordHasher<User> passwords,
        LearningWrites learning,
        SignIn signIn,
        PictureAddress pictures,
        SharedState shared,
        IOptions<RateLimitOptions> limits,
        HttpContext http,
        BusinessClock clock,
        CancellationToken cancellation)
    {
        // Counted as at a log-in: who stole a token must not find the password by trying.
        var guesses = SignIn.FailuresOf(caller.UserId, http, limits.Value);
        if (request.Password.IsPresent && await shared.CountAsync(guesses) is { IsExceeded: true } exceeded) return Failures.RateLimited(exceeded.ResetSeconds);

        var now = clock.Now;
        var user = await context.InTransactionAsync(async cancel =>
        {
            var (patched, refused) = await PatchAsync(request, caller, context, passwords, learning, signIn, now, cancel);
            // Nothing of a refused patch stays (rule D5).
            return refused is null ? patched! : throw refused.AsException();
        }, cancellation);
        if (request.Password.IsPresent) await shared.UncountAsync(guesses);
        return TypedResults.Ok(UserProfile.Of(user, pictures));
    }

    private static async Task<(User? User, Failure? Failure)> PatchAsync(
        UpdateMeRequest request, Caller caller, XentreeDbContext context, IPasswordHasher<User> passwords, LearningWrites learning, SignIn signIn, Instant now, CancellationToken cancellation)
    {
        // Under the account's lock, which log-ins take too: no session that the old password opens outlives the new one.
        if (await context.LockUserAsync(caller.UserId, cancellation) is not { } user) return (null, Failures.InvalidToken);

        if (request.Password.IsPresent)
        {
            if (passwords.VerifyHashedPassword(user, user.PasswordHash, request.CurrentPassword!) == PasswordVerificationResult.Failed)
                return (null, Failures.Validation("current_password", "is not the password of this account"));

            user.PasswordHash = passwords.HashPassword(user, request.Password.Value);
            await signIn.EndAsync(context.SignInSessions.Where(s => s.UserId == user.Id && s.Id != caller.SessionId), cancellation);
        }

        if (request.Timezone is { IsPresent: true, Value: var zone })
        {
            if (await learning.ChangeZoneAsync(user.Id, zone, now, cancellation) is ZoneRequest.TooMany { RetryAt: var retryAt })
                return (null, Failures.ZoneChangeLimit(InstantConverter.Format(retryAt), (int)Math.Ceiling((retryAt - now).TotalSeconds)));

            user.Timezone = zone;
        }

        request.FullName.Apply(name => user.FullName = name);
        request.Language.Apply(language => user.Language = language);
        request.ProfileVisibility.Apply(visibility => user.ProfileVisibility = visibility);
        request.Email.Apply(email => (user.Email, user.EmailKey) = (email.Trim(), User.Key(email)));
        if (context.ChangeTracker.HasChanges()) user.UpdatedAt = now;

        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (exception.ViolatedUniqueIndex is not null)
        {
            return (null, Failures.EmailTaken);
        }

        return (user, null);
    }
}
