using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.Paging;
using Xentree.Data;
using Xentree.Domain.Xp;

namespace Xentree.Api.Features.Xp;

/// <summary>XP that was given: a row of the ledger, which never changes and never goes.</summary>
public sealed record XPEventResponse : IExample<XPEventResponse>
{
    /// <summary>The id of the row.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it was given for.</summary>
    public required XpSource Source { get; init; }

    /// <summary>Which one, unique for a source: day and ordinal of a segment, the attempt's id, session and minute.</summary>
    public required string SourceId { get; init; }

    /// <summary>XP before any booster.</summary>
    public required long Base { get; init; }

    /// <summary>The booster that held, or 1.</summary>
    public required decimal Multiplier { get; init; }

    /// <summary>XP given: the product, rounded down.</summary>
    public required long Amount { get; init; }

    /// <summary>When what it is for happened.</summary>
    public required Instant OccurredAt { get; init; }

    /// <summary>The local day that it counts for.</summary>
    public required LocalDate Date { get; init; }

    /// <summary>When the event that earned it was received.</summary>
    public required Instant ReceivedAt { get; init; }

    /// <inheritdoc/>
    public static XPEventResponse Example { get; } = new()
    {
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2b41"),
        Source = XpSource.Conversations,
        SourceId = "2026-03-12/3",
        Base = 5,
        Multiplier = 1.5m,
        Amount = 7,
        OccurredAt = Instant.FromUtc(2026, 3, 12, 18, 3),
        Date = new LocalDate(2026, 3, 12),
        ReceivedAt = Instant.FromUtc(2026, 3, 12, 18, 3, 20),
    };
}

internal static class ListXPEvents
{
    public static async Task<Page<XPEventResponse>> HandleAsync(Caller caller, PageRequest page, XentreeDbContext context, CancellationToken cancellation)
    {
        var rows = await context.XpLedger
            .Where(r => r.UserId == caller.UserId && (page.After == null || r.Id < page.After))
            .OrderByDescending(r => r.Id)
            .Take(page.Limit + 1)
            .Select(r => new XPEventResponse
            {
                Id = r.Id,
                Source = r.Source,
                SourceId = r.SourceId,
                Base = r.Base,
                Multiplier = r.Multiplier,
                Amount = r.Amount,
                OccurredAt = r.At,
                Date = r.Date,
                ReceivedAt = r.ReceivedAt,
            })
            .ToListAsync(cancellation);
        return new Page<XPEventResponse>(page, rows, r => r.Id);
    }
}
