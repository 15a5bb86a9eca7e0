using System.Globalization;
using Xentree.Bench.Hosts;

namespace Xentree.Bench.Data;

/// <summary>Learners by the thousand, written as rows: who they are follows from their number.</summary>
internal static class Learners
{
    private const string Prefix = "00000000-0000";

    public static Guid UserId(int number) => Id("7000", number);

    public static Guid SessionId(int number) => Id("7001", number);

    public static Guid ConversationId(int number) => Id("7002", number);

    extension(BenchDatabase database)
    {
        /// <summary>Adds accounts, each with a signed-in session and a conversation.</summary>
        /// <param name="first">The number of the first.</param>
        /// <param name="count">How many.</param>
        /// <param name="registeredAt">When they registered.</param>
        /// <param name="cancellation">Ends the wait.</param>
        public Task AddLearnersAsync(int first, int count, DateTimeOffset registeredAt, CancellationToken cancellation) => database.ExecuteAsync(
            $"""
            set session_replication_role = replica;
            insert into users (id, username, username_key, email, email_key, password_hash, timezone, language, plan, role, profile_visibility, created_at, updated_at)
            select {Id("7000")}, 'learner' || n, 'learner' || n, n || '@example.org', n || '@example.org', '-', 'Etc/UTC', 'en', 'Free', 'User', 'Public', @at, @at
            from generate_series(@first, @first + @count - 1) n;
            insert into learners (user_id, registered_at, registered_zone, inputs, total_xp, tokens, longest_streak, segment_rows)
            select {Id("7000")}, @at, 'Etc/UTC', 0, 0, 0, 0, 0 from generate_series(@first, @first + @count - 1) n;
            """, cancellation, ("first", first), ("count", count), ("at", registeredAt));

        /// <summary>Signs accounts in, and gives each a conversation.</summary>
        public Task SignInAsync(int first, int count, DateTimeOffset now, CancellationToken cancellation) => database.ExecuteAsync(
            $"""
            insert into sign_in_sessions (id, user_id, generation, rotated_at, created_at, expires_at)
            select {Id("7001")}, {Id("7000")}, 1, @now, @now, @now + interval '30 days' from generate_series(@first, @first + @count - 1) n;
            insert into conversations (id, user_id, provider, message_count, created_at, updated_at)
            select {Id("7002")}, {Id("7000")}, 'local', 0, @now, @now from generate_series(@first, @first + @count - 1) n;
            """, cancellation, ("first", first), ("count", count), ("now", now));

        /// <summary>Makes days active, at noon: as if XP had been given for an hour's learning.</summary>
        /// <param name="first">The number of the first learner.</param>
        /// <param name="count">How many learners.</param>
        /// <param name="from">The first day.</param>
        /// <param name="to">The last day.</param>
        /// <param name="cancellation">Ends the wait.</param>
        /// <param name="except">Every so-manyth learner stays away; 0 for none.</param>
        public Task AddDaysAsync(int first, int count, DateOnly from, DateOnly to, CancellationToken cancellation, int except = 0) => database.ExecuteAsync(
            $"""
            set session_replication_role = replica;
            insert into learning_days (user_id, date, xp, quiz_xp, segments, activities, turns, xel_tasks, sessions, conversation_ticks, xel_ticks, live_ticks, active_at, active_order)
            select {Id("7000")}, date '2000-01-01' + d, 30 + (n + d) % 50, 10, 6, 4, 3, 0, 1, 36000000000, 0, 0, (date '2000-01-01' + d + time '12:00') at time zone 'UTC', d
            from generate_series(@first, @first + @count - 1) n, generate_series(@from, @to) d
            where @except = 0 or n % greatest(@except, 1) <> 0;
            """, cancellation, ("first", first), ("count", count), ("from", Number(from)), ("to", Number(to)), ("except", except));

        /// <summary>Brings balances in step with the days that were added, and makes the learners due for the rollover.</summary>
        public Task BalanceAsync(int first, int count, DateTimeOffset settleAt, CancellationToken cancellation) => database.ExecuteAsync(
            $"""
            update learners l set inputs = d.inputs, total_xp = d.xp, segment_rows = d.segments, settle_at = @settle
            from (select user_id, max(active_order) inputs, sum(xp) xp, sum(segments) segments from learning_days group by user_id) d
            where d.user_id = l.user_id and l.user_id in (select {Id("7000")} from generate_series(@first, @first + @count - 1) n)
            """, cancellation, ("first", first), ("count", count), ("settle", settleAt));
    }

    /// <summary>The id of the number <c>n</c>, in SQL.</summary>
    public static string Id(string kind) => $"('{Prefix}-{kind}-8000-' || lpad(to_hex(n), 12, '0'))::uuid";

    private static Guid Id(string kind, int number) => Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{kind}-8000-{number:x12}"));

    private static int Number(DateOnly date) => date.DayNumber - new DateOnly(2000, 1, 1).DayNumber;
}
