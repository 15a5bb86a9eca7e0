using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.Paging;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Domain;

namespace Xentree.Api.Features.Accounts;

/// <summary>A signed-in session.</summary>
public sealed record SignInSessionResponse : IExample<SignInSessionResponse>
{
    /// <summary>The id of the session.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whether it is the session that asks.</summary>
    public required bool Current { get; init; }

    /// <summary>What the client called itself.</summary>
    public required string? UserAgent { get; init; }

    /// <summary>The address that it was opened from.</summary>
    public required string? Address { get; init; }

    /// <summary>When it was opened.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When its tokens were last refreshed.</summary>
    public required Instant LastRefreshedAt { get; init; }

    /// <summary>When it ends by itself.</summary>
    public required Instant ExpiresAt { get; init; }

    /// <inheritdoc/>
    public static SignInSessionResponse Example { get; } = new()
    {
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b12"),
        Current = true,
        UserAgent = "curl/8.5.0",
        Address = "203.0.113.7",
        CreatedAt = Instant.FromUtc(2026, 3, 1, 8, 31),
        LastRefreshedAt = Instant.FromUtc(2026, 3, 1, 8, 46),
        ExpiresAt = Instant.FromUtc(2026, 3, 31, 8, 46),
    };
}

internal static class ListSessions
{
    public static async Task<Page<SignInSessionResponse>> HandleAsync(
        Caller caller, PageRequest page, XentreeDbContext context, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.Now;
        var rows = await context.OpenSessions(caller.UserId)
            .Where(s => s.ExpiresAt > now && (page.After == null || s.Id < page.After))
            .OrderByDescending(s => s.Id)
            .Take(page.Limit + 1)
            .Select(s => new SignInSessionResponse
            {
                Id = s.Id,
                Current = s.Id == caller.SessionId,
                UserAgent = s.UserAgent,
                Address = s.Address,
                CreatedAt = s.CreatedAt,
                LastRefreshedAt = s.RotatedAt,
                ExpiresAt = s.ExpiresAt,
            })
            .ToListAsync(cancellation);
        return new Page<SignInSessionResponse>(page, rows, s => s.Id);
    }
}

internal static class EndSession
{
    public static async Task<Results<NoContent, Failure>> HandleAsync(
        Guid sessionId, Caller caller, XentreeDbContext context, SignIn signIn, CancellationToken cancellation) =>
        await signIn.EndAsync(context.SignInSessions.Where(s => s.UserId == caller.UserId && s.Id == sessionId), cancellation) == 0
            ? Failures.NotFound
            : TypedResults.NoContent();
}
