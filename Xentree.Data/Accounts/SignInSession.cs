using NodaTime;

namespace Xentree.Data.Accounts;

/// <summary>A signed-in session: one log-in and the family of refresh tokens that came of it (rule O3, RFC 9700).</summary>
public sealed class SignInSession
{
    /// <summary>The id; access tokens carry it as <c>sid</c>.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose session it is.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The generation of the newest refresh token; the first is 0.</summary>
    public int Generation { get; set; }

    /// <summary>When the newest refresh token was given.</summary>
    public required Instant RotatedAt { get; set; }

    /// <summary>When the session began.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When the newest refresh token stops working.</summary>
    public required Instant ExpiresAt { get; set; }

    /// <summary>When the session was ended, by log-out, by a change of password or because a refresh token was stolen.</summary>
    public Instant? EndedAt { get; set; }

    /// <summary>What the client called itself, cut to 200 characters.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The address that it was opened from.</summary>
    public string? Address { get; init; }
}

/// <summary>One refresh token of a session. Older generations stay, so that their reuse is noticed.</summary>
public sealed class RefreshToken
{
    /// <summary>The id: the part of the token before the point.</summary>
    public required Guid Id { get; init; }

    /// <summary>The session whose family it belongs to.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>Its place in the family.</summary>
    public required int Generation { get; init; }

    /// <summary>SHA-256 of the secret: the part of the token after the point.</summary>
    public required byte[] SecretHash { get; init; }
}
