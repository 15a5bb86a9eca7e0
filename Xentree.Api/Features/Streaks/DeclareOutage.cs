using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Streaks;
using Xentree.Domain;

namespace Xentree.Api.Features.Streaks;

/// <summary>An outage that is to be declared.</summary>
public sealed record OutageCreateRequest : IValidatableObject, IExample<OutageCreateRequest>
{
    private const int MaxDays = 31;

    private static readonly Instant Earliest = Instant.FromUtc(2000, 1, 1, 0, 0);
    private static readonly Instant Latest = Instant.FromUtc(2101, 1, 1, 0, 0);

    /// <summary>Its first instant, of the years 2000 to 2100.</summary>
    [Required]
    public Instant? From { get; init; }

    /// <summary>The first instant after it: later than <c>from</c>, by at most 31 days.</summary>
    [Required]
    public Instant? To { get; init; }

    /// <summary>What happened, for people.</summary>
    [Text(1, 500)]
    public string? Reason { get; init; }

    /// <inheritdoc/>
    public static OutageCreateRequest Example { get; } = new()
    {
        From = Instant.FromUtc(2026, 3, 10, 18, 5),
        To = Instant.FromUtc(2026, 3, 10, 21, 40),
        Reason = "A power cut in the data centre",
    };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (From is not { } from || To is not { } to) yield break;

        if (from < Earliest || from >= Latest) yield return new ValidationResult("must be of the years 2000 to 2100", [nameof(From)]);
        // Compared as they will be stored: everybody's fold relies on it.
        if (Milliseconds(to) <= Milliseconds(from)) yield return new ValidationResult("must be later than from", [nameof(To)]);
        else if (to - from > Duration.FromDays(MaxDays)) yield return new ValidationResult($"must be at most {MaxDays} days after from", [nameof(To)]);
    }

    /// <summary>An instant to the millisecond, as answers show it.</summary>
    internal static Instant Milliseconds(Instant instant) => Instant.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
}

internal static class DeclareOutage
{
    public static async Task<Created<OutageResponse>> HandleAsync(
        OutageCreateRequest request, XentreeDbContext context, BusinessClock clock, TimeProvider time, CancellationToken cancellation)
    {
        var outage = new OutageRow
        {
            Id = time.NewId(),
            StartsAt = OutageCreateRequest.Milliseconds(request.From!.Value),
            EndsAt = OutageCreateRequest.Milliseconds(request.To!.Value),
            Reason = request.Reason,
            DeclaredAt = clock.Now,
        };
        context.Outages.Add(outage);
        await context.SaveChangesAsync(cancellation);
        return TypedResults.Created($"/api/admin/outages/{outage.Id}", OutageResponse.Of(outage));
    }
}
