namespace Xentree.Api.Features.Accounts;

/// <summary>What a log-in or a refresh gives.</summary>
public sealed record TokenResponse : IExample<TokenResponse>
{
    /// <summary>The access token, for <c>Authorization: Bearer</c>.</summary>
    public required string AccessToken { get; init; }

    /// <summary>Always <c>bearer</c>.</summary>
    public required string TokenType { get; init; }

    /// <summary>The refresh token; it works once, for 30 days.</summary>
    public required string RefreshToken { get; init; }

    /// <summary>For how many seconds the access token works.</summary>
    public required int ExpiresIn { get; init; }

    /// <inheritdoc/>
    public static TokenResponse Example { get; } = new()
    {
        AccessToken = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTk4MWY2ZSJ9.c2lnbmF0dXJl",
        TokenType = "bearer",
        RefreshToken = "01981f6e8f007c3a9a513f6f1c0d2b11.ZXhhbXBsZS1zZWNyZXQtb2YtMzItcmFuZG9tLWJ5dGVz",
        ExpiresIn = 900,
    };
}
