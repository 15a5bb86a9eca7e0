using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Learning;
using Xentree.Data.Live;
using Xentree.Domain.Live;

namespace Xentree.Api.Features.Live;

/// <summary>A month's live quota.</summary>
public sealed record LiveQuotaResponse : IExample<LiveQuotaResponse>
{
    /// <summary>The plan, which sets the quota.</summary>
    public required UserPlan Plan { get; init; }

    /// <summary>The month's first instant, in UTC.</summary>
    public required Instant PeriodStart { get; init; }

    /// <summary>The next month's first instant.</summary>
    public required Instant PeriodEnd { get; init; }

    /// <summary>What the plan gives, in seconds.</summary>
    public required long QuotaSeconds { get; init; }

    /// <summary>What is used of it.</summary>
    public required long UsedSeconds { get; init; }

    /// <summary>What is left of it.</summary>
    public required long RemainingSeconds { get; init; }

    /// <summary>The session that goes on, where there is one that you may see.</summary>
    public required Guid? ActiveSessionId { get; init; }

    /// <inheritdoc/>
    public static LiveQuotaResponse Example { get; } = new()
    {
        Plan = UserPlan.Free,
        PeriodStart = Instant.FromUtc(2026, 3, 1, 0, 0),
        PeriodEnd = Instant.FromUtc(2026, 4, 1, 0, 0),
        QuotaSeconds = 1_800,
        UsedSeconds = 15,
        RemainingSeconds = 1_785,
        ActiveSessionId = LiveSessionResponse.Example.SessionId,
    };
}

internal static class GetLiveQuota
{
    public static async Task<Results<Ok<LiveQuotaResponse>, Failure>> HandleAsync(
        Caller caller, XentreeDbContext context, LearningRules rules, BusinessClock clock, CancellationToken cancellation)
    {
        var now = clock.Now;
        if (await context.FindLiveUseAsync(caller.UserId, LiveQuota.MonthOf(now), cancellation) is not { } use) return Failures.InvalidToken;

        var (quota, isActive) = use.At(now, rules.Live);
        var isVisible = isActive && (caller.OrganizationId is not { } organization || use.Unfinished!.OrganizationId == organization);
        return TypedResults.Ok(new LiveQuotaResponse
        {
            Plan = use.Plan,
            PeriodStart = quota.PeriodStart,
            PeriodEnd = quota.PeriodEnd,
            QuotaSeconds = quota.QuotaSeconds,
            UsedSeconds = quota.UsedSeconds,
            RemainingSeconds = quota.RemainingSeconds,
            ActiveSessionId = isVisible ? use.Unfinished!.Id : null,
        });
    }
}
