using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data.Accounts;

namespace Xentree.Data.Xp;

/// <summary>A member's place in the ranking of a week.</summary>
/// <param name="UserId">The member.</param>
/// <param name="Username">Their name.</param>
/// <param name="FullName">The name to show.</param>
/// <param name="PictureBlob">Their picture.</param>
/// <param name="TotalXp">All their XP.</param>
/// <param name="Xp">XP of the week.</param>
/// <param name="Rank">The place, from 1, shared by equals; null for who takes no part.</param>
/// <param name="Ordinal">The line of the ranking that they stand in; null for who takes no part.</param>
/// <param name="Participants">How many take part.</param>
public sealed record Standing(
    Guid UserId, string Username, string? FullName, string? PictureBlob, long TotalXp, long Xp, long? Rank, long? Ordinal, long Participants);

/// <summary>Ranks the members of an organization.</summary>
public static class LeaderboardQueries
{
    extension(XentreeDbContext context)
    {
        /// <summary>
        /// The first of the ranking, and the member who asks, of one moment; without that member where there is no such member.
        /// Sandbox users, who live in weeks of their own, and private profiles take no part.
        /// </summary>
        public Task<List<Standing>> RankAsync(Guid organizationId, Guid userId, LocalDate first, LocalDate last, int limit, CancellationToken cancellation) =>
            context.Database.SqlQuery<Standing>(
                $"""
                with week as (
                  select u.id, u.username, u.username_key, u.full_name, u.picture_blob, l.total_xp,
                         u.sandbox_now is null and u.profile_visibility = {nameof(ProfileVisibility.Public)} takes_part,
                         coalesce((select sum(d.xp)::bigint from learning_days d where d.user_id = u.id and d.date between {first} and {last}), 0) xp
                  from members m join users u on u.id = m.user_id join learners l on l.user_id = u.id
                  where m.organization_id = {organizationId}),
                ranking as (
                  select week.*,
                         case when takes_part then rank() over (partition by takes_part order by xp desc) end rank,
                         case when takes_part then row_number() over (partition by takes_part order by xp desc, username_key) end ordinal,
                         count(*) filter (where takes_part) over () participants
                  from week)
                select id user_id, username, full_name, picture_blob, total_xp, xp, rank, ordinal, participants
                from ranking where ordinal <= {limit} or id = {userId}
                order by ordinal
                """).ToListAsync(cancellation);

        /// <summary>
        /// The same of a week that is closed, as it was then: who has left since stands there still, who hides their profile or is erased no longer.
        /// </summary>
        public Task<List<Standing>> ClosedRankingAsync(Guid organizationId, Guid userId, LocalDate week, int limit, CancellationToken cancellation) =>
            context.Database.SqlQuery<Standing>(
                $"""
                with week as (
                  select u.id, u.username, u.username_key, u.full_name, u.picture_blob, l.total_xp, s.rank, coalesce(s.xp, 0) xp,
                         s.rank is not null and u.profile_visibility = {nameof(ProfileVisibility.Public)} takes_part
                  from users u
                  join learners l on l.user_id = u.id
                  left join leaderboard_standings s on s.user_id = u.id and s.organization_id = {organizationId} and s.week_start = {week}
                  where (u.id = {userId} or u.id in (select user_id from leaderboard_standings where organization_id = {organizationId} and week_start = {week}))
                    and exists (select from members m where m.organization_id = {organizationId} and m.user_id = {userId})),
                ranking as (
                  select week.*,
                         case when takes_part then row_number() over (partition by takes_part order by rank, username_key) end ordinal,
                         count(*) filter (where takes_part) over () participants
                  from week)
                select id user_id, username, full_name, picture_blob, total_xp, xp, case when takes_part then rank end rank, ordinal, participants
                from ranking where ordinal <= {limit} or id = {userId}
                order by ordinal
                """).ToListAsync(cancellation);
    }
}
