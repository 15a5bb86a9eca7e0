using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Api.Schemas;
using Xentree.Data;
using Xentree.Data.Learning;

namespace Xentree.Api.Features.Quests;

/// <summary>The quests of a local day.</summary>
/// <param name="Date">The local day.</param>
/// <param name="ResetsAt">When it is over.</param>
/// <param name="Quests">Three as a rule, of different categories.</param>
public sealed record QuestsResponse(LocalDate Date, Instant ResetsAt, IReadOnlyList<QuestItem> Quests) : IExample<QuestsResponse>
{
    /// <inheritdoc/>
    public static QuestsResponse Example { get; } = new(new LocalDate(2026, 3, 12), Instant.FromUtc(2026, 3, 12, 23, 0), [QuestItem.Example]);
}

internal static class GetQuests
{
    public static async Task<QuestsResponse> HandleAsync(
        Caller caller, LearnerReads learners, LearningWrites learning, XentreeDbContext context, BusinessClock clock, CancellationToken cancellation)
    {
        var now = clock.Now;
        var (_, chain) = await learners.ReadAsync(caller.UserId, now, days: 1, cancellation);
        var rows = await context.DailyQuests.AsNoTracking()
            .Where(q => q.UserId == caller.UserId && q.Date == chain.Today).OrderBy(q => q.Ordinal).ToListAsync(cancellation);
        // The first read of a day by its owner draws (rule Q2).
        var drawn = rows.Count > 0 ? rows : await learning.DrawQuestsAsync(caller.UserId, now, cancellation);
        return new QuestsResponse(chain.Today, chain.ResetsAt, [.. drawn.Select(q => QuestItem.Of(q, chain.Today))]);
    }
}
