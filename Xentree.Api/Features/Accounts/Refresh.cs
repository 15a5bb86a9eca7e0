using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Xentree.Api.Features.Accounts;

/// <summary>A refresh token to trade.</summary>
public sealed record RefreshRequest : IExample<RefreshRequest>
{
    /// <summary>The refresh token of the last log-in or refresh.</summary>
    [Required, Text(1, 500)]
    public string RefreshToken { get; init; } = "";

    /// <inheritdoc/>
    public static RefreshRequest Example { get; } = new() { RefreshToken = TokenResponse.Example.RefreshToken };
}

internal static class Refresh
{
    public static async Task<Results<Ok<TokenResponse>, Failure>> HandleAsync(RefreshRequest request, SignIn signIn, CancellationToken cancellation) =>
        await signIn.RefreshAsync(request.RefreshToken, cancellation) is { } tokens ? TypedResults.Ok(tokens) : Failures.InvalidToken;
}
