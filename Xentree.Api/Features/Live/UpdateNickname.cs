using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;

namespace Xentree.Api.Features.Live;

/// <summary>The name used in live sessions.</summary>
public sealed record LiveNickname : IExample<LiveNickname>
{
    /// <summary>The name.</summary>
    [Required, Text(1, 40)]
    public string Nickname { get; init; } = "";

    /// <inheritdoc/>
    public static LiveNickname Example { get; } = new() { Nickname = "Ana" };
}

internal static class UpdateNickname
{
    public static async Task<Ok<LiveNickname>> HandleAsync(
        LiveNickname request, Caller caller, XentreeDbContext context, BusinessClock clock, CancellationToken cancellation)
    {
        var now = clock.Now;
        await context.Users.Where(u => u.Id == caller.UserId && u.Nickname != request.Nickname)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.Nickname, request.Nickname).SetProperty(u => u.UpdatedAt, now), cancellation);
        return TypedResults.Ok(request);
    }

    /// <summary>The name used in live sessions, if one was given.</summary>
    public static Task<string?> NicknameAsync(this XentreeDbContext context, Guid userId, CancellationToken cancellation) =>
        context.Users.Where(u => u.Id == userId).Select(u => u.Nickname).SingleOrDefaultAsync(cancellation);
}
