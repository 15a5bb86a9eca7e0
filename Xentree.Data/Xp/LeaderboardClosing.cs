using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data.Accounts;
using Xentree.Domain.Days;
using Xentree.Domain.Pulse;

namespace Xentree.Data.Xp;

/// <summary>
/// Closes the weeks of leaderboards: once a week is over in the zone of everybody who takes part, its ranking is written down for good.
/// It may run twice, late, on several workers, or be killed: each week of an organization is closed by one statement, under its lock.
/// </summary>
public sealed class LeaderboardClosing(XentreeDbContext context)
{
    private const int BatchSize = 200;

    /// <summary>The zone in which every date begins first (UTC+14): no week is over anywhere before it is over there.</summary>
    private static readonly Offset Earliest = Offset.FromHours(14);

    /// <summary>What an organization that begins at an instant has closed: the week before the one that goes on in the last zone of all (UTC−12).</summary>
    public static LocalDate ClosedAtFirst(Instant begins) => WeeklyActivity.StartOf(begins.WithOffset(Offset.FromHours(-12)).Date).PlusWeeks(-1);

    /// <summary>Closes what is over at an instant; how many weeks of organizations that were.</summary>
    public async Task<long> CloseAsync(Instant now, CancellationToken cancellation)
    {
        // The last week that may be over somewhere: organizations that have closed it have nothing to close.
        var newest = WeeklyActivity.StartOf(now.WithOffset(Earliest).Date).PlusWeeks(-1);
        var closed = 0L;
        for (var after = Guid.Empty; ;)
        {
            var due = await context.Organizations.AsNoTracking()
                .Where(o => o.Id > after && o.LeaderboardClosed < newest)
                .OrderBy(o => o.Id).Take(BatchSize)
                .Select(o => new
                {
                    o.Id,
                    Closed = o.LeaderboardClosed,
                    Zones = (from member in context.Members
                             join user in context.Users on member.UserId equals user.Id
                             where member.OrganizationId == o.Id && user.SandboxNow == null && user.ProfileVisibility == ProfileVisibility.Public
                             select user.Timezone).Distinct().ToList(),
                })
                .ToListAsync(cancellation);
            foreach (var organization in due)
            {
                var today = organization.Zones.Select(zone => now.InZone(Zones.Get(zone)).Date).DefaultIfEmpty(now.InUtc().Date).Min();
                for (var week = organization.Closed.PlusWeeks(1); week.PlusWeeks(1) <= today; week = week.PlusWeeks(1))
                {
                    closed += await CloseAsync(organization.Id, week, cancellation);
                }
            }

            if (due.Count < BatchSize) return closed;
            after = due[^1].Id;
        }
    }

    private Task<int> CloseAsync(Guid organizationId, LocalDate week, CancellationToken cancellation) => context.Database.ExecuteSqlAsync(
        $"""
        with closing as (
          select id from organizations where id = {organizationId} and leaderboard_closed < {week} for no key update),
        standing as (
          insert into leaderboard_standings (organization_id, week_start, user_id, rank, xp)
          select organization_id, {week}, user_id, rank() over (order by xp desc), xp
          from (
            select m.organization_id, m.user_id,
                   coalesce((select sum(d.xp)::bigint from learning_days d where d.user_id = m.user_id and d.date between {week} and {WeeklyActivity.EndOf(week)}), 0) xp
            from closing c join members m on m.organization_id = c.id join users u on u.id = m.user_id
            where u.sandbox_now is null and u.profile_visibility = {nameof(ProfileVisibility.Public)}) taking_part
          where xp > 0)
        update organizations o set leaderboard_closed = {week} from closing where o.id = closing.id
        """,
        cancellation);
}
