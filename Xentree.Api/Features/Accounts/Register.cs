using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Learning;
using Xentree.Domain;

namespace Xentree.Api.Features.Accounts;

/// <summary>Who wants an account.</summary>
public sealed record RegisterRequest : IExample<RegisterRequest>
{
    /// <summary>The unique name: 3 to 32 of a–z, 0–9, <c>_</c>, <c>.</c> and <c>-</c>, unique without regard to case.</summary>
    [Required, Username]
    public string Username { get; init; } = "";

    /// <summary>The e-mail address.</summary>
    [Required, Email]
    public string Email { get; init; } = "";

    /// <summary>The password: at least 8 characters, and none that is tried first.</summary>
    [Required, Password]
    public string Password { get; init; } = "";

    /// <summary>The name to show.</summary>
    [Text(1, 100)]
    public string? FullName { get; init; }

    /// <summary>The IANA time zone in which days begin and end; <c>UTC</c> when absent.</summary>
    [Timezone]
    public string? Timezone { get; init; }

    /// <summary>The language tag for explanations; <c>en</c> when absent.</summary>
    [Language]
    public string? Language { get; init; }

    /// <inheritdoc/>
    public static RegisterRequest Example { get; } = new()
    {
        Username = "ana.kovac",
        Email = "ana@example.org",
        Password = "three brown foxes",
        FullName = "Ana Kovač",
        Timezone = "Europe/Zagreb",
        Language = "hr",
    };
}

internal static class Register
{
    public static async Task<Results<Created<UserProfile>, Failure>> HandleAsync(
        RegisterRequest request,
        HttpContext http,
        XentreeDbContext context,
        IPasswordHasher<User> passwords,
        IOptions<AccountOptions> options,
        PictureAddress pictures,
        BusinessClock clock,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var now = clock.Now;
        var user = new User
        {
            Id = time.NewId(),
            Username = request.Username,
            UsernameKey = User.Key(request.Username),
            Email = request.Email.Trim(),
            EmailKey = User.Key(request.Email),
            PasswordHash = "",
            FullName = request.FullName,
            Timezone = request.Timezone ?? "UTC",
            Language = request.Language ?? "en",
            Role = options.Value.IsAdmin(request.Username) ? UserRole.Admin : UserRole.User,
            SandboxNow = http.Request.Headers.ContainsKey(TimeTravelMiddleware.Header) ? now : null,
            CreatedAt = now,
            UpdatedAt = now,
        };
        user.PasswordHash = passwords.HashPassword(user, request.Password);
        context.Users.Add(user);
        context.Learners.Add(new LearnerRow { UserId = user.Id, RegisteredAt = now, RegisteredZone = user.Timezone });

        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (exception.ViolatedUniqueIndex is { } index)
        {
            return index == AccountQueries.EmailIndex ? Failures.EmailTaken : Failures.UsernameTaken;
        }

        return TypedResults.Created("/api/auth/me", UserProfile.Of(user, pictures));
    }
}
