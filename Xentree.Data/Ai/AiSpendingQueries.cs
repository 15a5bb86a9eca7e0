using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Xentree.Data.Ai;

/// <summary>
/// Reserving and settling tokens. Each step is one statement, so that any number of calls at once cannot overdraw a budget:
/// <c>used + reserved</c> never exceeds the limit, because a settlement never counts more than was reserved for it.
/// </summary>
public static class AiSpendingQueries
{
    extension(XentreeDbContext context)
    {
        /// <summary>Reserves tokens of the user's day; false when the day's limit leaves no room for them.</summary>
        public async Task<bool> TryReserveAsync(AiReservation reservation, long limit, Instant now, CancellationToken cancellation) =>
            await context.TakeAsync(reservation, limit, cancellation)
            // A lease that ran out belongs to a process that was killed; and a statement whose answer was lost may have been done.
            || (await context.GiveBackAsync(reservation.UserId, reservation.Day, now, cancellation) && await context.TakeAsync(reservation, limit, cancellation))
            || await context.AiReservations.AnyAsync(r => r.Id == reservation.Id, cancellation);

        /// <summary>
        /// Ends reservations: the budget is charged what was used, and at most what they held. Counts the usage in the same statement, so
        /// that a settlement is done once, however often it is sent.
        /// </summary>
        public Task<int> SettleAsync(IReadOnlyCollection<Guid> reservations, AiUsage usage, CancellationToken cancellation) =>
            context.Database.ExecuteSqlAsync(
                $"""
                with gone as (delete from ai_reservations where id = any({reservations.ToArray()}) returning user_id, day, tokens),
                held as (select user_id, day, sum(tokens)::bigint as tokens from gone group by user_id, day),
                settled as (
                  update ai_budgets b set reserved = b.reserved - held.tokens, used = b.used + least(held.tokens, {usage.PromptTokens + usage.CompletionTokens})
                  from held where b.user_id = held.user_id and b.day = held.day)
                insert into ai_usage (id, user_id, organization_id, provider, day, calls, prompt_tokens, completion_tokens, cost)
                select {usage.Id}, {usage.UserId}, {usage.OrganizationId}, {usage.Provider}, {usage.Day}, 1, {usage.PromptTokens}, {usage.CompletionTokens}, {usage.Cost}
                from (select 1 from held limit 1) once
                on conflict (user_id, day, provider, organization_id) do update
                set calls = ai_usage.calls + 1, prompt_tokens = ai_usage.prompt_tokens + excluded.prompt_tokens,
                    completion_tokens = ai_usage.completion_tokens + excluded.completion_tokens, cost = ai_usage.cost + excluded.cost
                """,
                cancellation);

        /// <summary>Counts usage that no budget is charged for.</summary>
        public Task<int> CountUsageAsync(AiUsage usage, CancellationToken cancellation) =>
            context.Database.ExecuteSqlAsync(
                $"""
                insert into ai_usage (id, user_id, organization_id, provider, day, calls, prompt_tokens, completion_tokens, cost)
                values ({usage.Id}, {usage.UserId}, {usage.OrganizationId}, {usage.Provider}, {usage.Day}, 1, {usage.PromptTokens}, {usage.CompletionTokens}, {usage.Cost})
                on conflict (user_id, day, provider, organization_id) do update
                set calls = ai_usage.calls + 1, prompt_tokens = ai_usage.prompt_tokens + excluded.prompt_tokens,
                    completion_tokens = ai_usage.completion_tokens + excluded.completion_tokens, cost = ai_usage.cost + excluded.cost
                """,
                cancellation);

        // Whoever waits for the row sees it as the one before left it: the condition holds for that.
        private async Task<bool> TakeAsync(AiReservation reservation, long limit, CancellationToken cancellation) =>
            await context.Database.ExecuteSqlAsync(
                $"""
                with taken as (
                  insert into ai_budgets (user_id, day, used, reserved)
                  select {reservation.UserId}, {reservation.Day}, 0, {reservation.Tokens}
                  where {reservation.Tokens} <= {limit} and not exists (select from ai_reservations where id = {reservation.Id})
                  on conflict (user_id, day) do update set reserved = ai_budgets.reserved + excluded.reserved
                  where ai_budgets.used + ai_budgets.reserved + excluded.reserved <= {limit}
                  returning 1)
                insert into ai_reservations (id, user_id, day, tokens, expires_at)
                select {reservation.Id}, {reservation.UserId}, {reservation.Day}, {reservation.Tokens}, {reservation.ExpiresAt} from taken
                """,
                cancellation) == 1;

        private async Task<bool> GiveBackAsync(Guid userId, LocalDate day, Instant now, CancellationToken cancellation) =>
            await context.Database.ExecuteSqlAsync(
                $"""
                with gone as (delete from ai_reservations where user_id = {userId} and day = {day} and expires_at <= {now} returning tokens),
                held as (select sum(tokens)::bigint as tokens from gone)
                update ai_budgets b set reserved = b.reserved - held.tokens
                from held where held.tokens is not null and b.user_id = {userId} and b.day = {day}
                """,
                cancellation) == 1;
    }
}
