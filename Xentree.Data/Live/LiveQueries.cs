using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data.Accounts;
using Xentree.Domain.Live;

namespace Xentree.Data.Live;

/// <summary>Questions about live sessions that several operations ask.</summary>
public static class LiveQueries
{
    /// <summary>Seconds that the sessions of a user (<c>u</c>) are charged in a month that begins at $2 and ends at $3. A session lasts less than three days.</summary>
    internal const string UsedSql =
        """
        (select coalesce(sum(case when v.started_at >= $2 then v.first_month_seconds else v.charged_seconds - v.first_month_seconds end), 0)::bigint
         from live_sessions v where v.user_id = u.id and v.started_at >= $2 - interval '3 days' and v.started_at < $3)
        """;

    extension(XentreeDbContext context)
    {
        /// <summary>The sessions that the owner may see.</summary>
        public IQueryable<LiveSessionRow> LiveSessionsOf(Owner owner) =>
            context.LiveSessions.Where(s => s.UserId == owner.UserId && (owner.OrganizationId == null || s.OrganizationId == owner.OrganizationId));

        /// <summary>The transcripts that the owner may see.</summary>
        public IQueryable<LiveTranscript> LiveTranscriptsOf(Owner owner) =>
            context.LiveTranscripts.Where(t => t.UserId == owner.UserId && (owner.OrganizationId == null || t.OrganizationId == owner.OrganizationId));

        /// <summary>
        /// A user's plan, what their sessions are charged in a month, and the session that is not finished yet: of one moment, so that no
        /// second is counted twice or not at all. Null where there is no such account.
        /// </summary>
        public Task<LiveUse?> FindLiveUseAsync(Guid userId, YearMonth month, CancellationToken cancellation)
        {
            var (from, to) = (LiveQuota.StartOf(month), LiveQuota.StartOf(month.PlusMonths(1)));
            var before = from - Duration.FromDays(3);
            return context.Users.AsNoTracking().Where(u => u.Id == userId).Select(u => new LiveUse(
                u.Plan,
                u.SandboxNow,
                context.LiveSessions.Where(s => s.UserId == u.Id && s.StartedAt >= before && s.StartedAt < to)
                    .Sum(s => s.StartedAt >= from ? s.FirstMonthSeconds : s.ChargedSeconds - s.FirstMonthSeconds),
                context.LiveSessions.FirstOrDefault(s => s.UserId == u.Id && s.FinishedAt == null))).SingleOrDefaultAsync(cancellation);
        }
    }
}

/// <summary>What plans give.</summary>
public static class LivePlans
{
    /// <summary>A month's seconds of a plan (rule L1).</summary>
    /// <param name="rules">The rules in force.</param>
    /// <param name="plan">The plan.</param>
    public static long SecondsOf(this LiveRules rules, UserPlan plan) => plan switch
    {
        UserPlan.Free => rules.FreeSeconds,
        UserPlan.Plus => rules.PlusSeconds,
        _ => rules.ProSeconds,
    };
}

/// <summary>What of the live quota is used.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="SandboxNow">Where a sandbox user's clock stands.</param>
/// <param name="UsedSeconds">What the month's sessions are charged by what is stored.</param>
/// <param name="Unfinished">The session that is not finished by what is stored.</param>
public sealed record LiveUse(UserPlan Plan, Instant? SandboxNow, long UsedSeconds, LiveSessionRow? Unfinished)
{
    /// <summary>The quota as it stands at an instant of the month; nothing is written.</summary>
    /// <param name="now">The present.</param>
    /// <param name="rules">The rules in force.</param>
    public (LiveQuota Quota, bool IsActive) At(Instant now, LiveRules rules)
    {
        var (month, quota, used) = (LiveQuota.MonthOf(now), rules.SecondsOf(Plan), UsedSeconds);
        if (Unfinished is null) return (new LiveQuota(month, quota, used), false);

        var stored = Unfinished.ToSession();
        var settled = stored.SettledAt(now, quota, rules);
        return (new LiveQuota(month, quota, used - stored.ChargedIn(month) + settled.ChargedIn(month)), settled.Finish is null);
    }
}
