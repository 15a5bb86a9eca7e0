using NodaTime;
using Xentree.Data.Streaks;
using Xentree.Domain.Streaks;

namespace Xentree.Api.Features.Streaks;

/// <summary>A time in which learners could not learn.</summary>
public sealed record OutageResponse : IExample<OutageResponse>
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its first instant.</summary>
    public required Instant From { get; init; }

    /// <summary>The first instant after it.</summary>
    public required Instant To { get; init; }

    /// <summary>What happened, for people.</summary>
    public required string? Reason { get; init; }

    /// <summary>When it was declared.</summary>
    public required Instant DeclaredAt { get; init; }

    /// <summary>From when on it can no longer be withdrawn: one of its days is over somewhere.</summary>
    public required Instant WithdrawableUntil { get; init; }

    /// <summary>When it was withdrawn; null while it stands.</summary>
    public required Instant? WithdrawnAt { get; init; }

    /// <inheritdoc/>
    public static OutageResponse Example { get; } = new()
    {
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b31"),
        From = Instant.FromUtc(2026, 3, 10, 18, 5),
        To = Instant.FromUtc(2026, 3, 10, 21, 40),
        Reason = "A power cut in the data centre",
        DeclaredAt = Instant.FromUtc(2026, 3, 10, 18, 20),
        WithdrawableUntil = Instant.FromUtc(2026, 3, 10, 18, 15),
        WithdrawnAt = null,
    };

    /// <summary>The outage of a row.</summary>
    public static OutageResponse Of(OutageRow row) => new()
    {
        Id = row.Id,
        From = row.StartsAt,
        To = row.EndsAt,
        Reason = row.Reason,
        DeclaredAt = row.DeclaredAt,
        WithdrawableUntil = new Outage(row.StartsAt, row.EndsAt).WithdrawableUntil(),
        WithdrawnAt = row.WithdrawnAt,
    };
}
