using System.Data.Common;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;
using Xentree.Domain.Days;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Pulse;
using Xentree.Domain.Streaks;
using Xentree.Domain.Xp;

namespace Xentree.Data.Learning;

/// <summary>
/// Reads learners. One statement reads all that a fold needs, because it is on every read's path and because the parts must be of one
/// moment; that is why it is SQL and not a query for each part.
/// </summary>
public static class LearnerQueries
{
    /// <summary>How far local dates differ over the earth, in days, with room to spare.</summary>
    private const int DatesApart = 3;

    /// <summary>Reads one learner: $1.</summary>
    internal const string SnapshotSql = $"select {Columns} {From} where l.user_id = $1";

    /// <summary>Reads the learners of an array: $1.</summary>
    internal const string SnapshotsSql = $"select {Columns} {From} where l.user_id = any($1)";

    // Also what each day from $4 on shows of itself. It is little, where the aggregates that a fold needs are much and few.
    private const string ActivitySql =
        $"""
        select {Columns}, h.dates, h.xp, h.learned, h.activities {From}
        cross join lateral (
          select array_agg(r.date - date '2000-01-01') dates, array_agg(r.xp) xp, array_agg(r.conversation_ticks + r.xel_ticks + r.live_ticks) learned,
                 array_agg(r.activities) activities
          from learning_days r where r.user_id = l.user_id and r.date >= $4) h
        where l.user_id = $1
        """;

    // Also the name, and the best booster that holds at $4.
    private const string ProfileSql =
        $"""
        select {Columns}, u.username, b.multiplier, b.starts_at, b.ends_at {From}
        join users u on u.id = l.user_id
        left join lateral (
          select b.multiplier, b.starts_at, b.ends_at from boosters b
          where b.user_id = l.user_id and b.ends_at > $4 and b.starts_at < $4
          order by b.multiplier desc, b.ends_at desc limit 1) b on true
        where l.user_id = $1
        """;

    /// <summary>How many columns <see cref="Columns"/> are.</summary>
    private const int SnapshotColumns = 35;

    private static readonly LocalDate FirstDay = new(2000, 1, 1);

    // $2 the first date that the caller wants, $3 whether to begin at registration and not at the checkpoint.
    private const string Columns =
        """
        l.registered_at, l.registered_zone, l.inputs, l.total_xp, l.tokens, l.longest_streak, l.segment_rows,
               l.chain_checkpoint::text, l.chain_from, l.segment_checkpoint::text, l.signals_from, l.settle_at,
               z.ats, z.zones, z.orders, p.ats, p.orders, o.starts, o.ends,
               d.dates, d.xp, d.quiz_xp, d.segments, d.activities, d.turns, d.xel_tasks, d.sessions, d.conversations, d.xel, d.live, d.active_ats, d.active_orders,
               l.user_id, l.announced::text,
               (select v.started_at + make_interval(secs => v.recorded_seconds) from live_sessions v where v.user_id = l.user_id and v.finished_at is null)
        """;

    private const string From =
        """
        from learners l
        cross join lateral (
          select array_agg(c.at order by c.at, c."order") ats, array_agg(c.zone order by c.at, c."order") zones, array_agg(c."order" order by c.at, c."order") orders
          from zone_changes c where c.user_id = l.user_id) z
        cross join lateral (
          select array_agg(s.at order by s.at, s."order") ats, array_agg(s."order" order by s.at, s."order") orders
          from saver_purchases s
          where s.user_id = l.user_id and ($3 or l.chain_checkpoint is null or s.at >= (l.chain_checkpoint->>'At')::timestamptz)) p
        cross join lateral (
          select array_agg(g.starts_at order by g.starts_at, g.id) starts, array_agg(g.ends_at order by g.starts_at, g.id) ends
          from outages g where g.withdrawn_at is null) o
        cross join lateral (
          select array_agg(r.date) dates, array_agg(r.xp) xp, array_agg(r.quiz_xp) quiz_xp, array_agg(r.segments) segments, array_agg(r.activities) activities,
                 array_agg(r.turns) turns, array_agg(r.xel_tasks) xel_tasks, array_agg(r.sessions) sessions, array_agg(r.conversation_ticks) conversations,
                 array_agg(r.xel_ticks) xel, array_agg(r.live_ticks) live, array_agg(r.active_at) active_ats, array_agg(r.active_order) active_orders
          from (
            select * from learning_days r
            where r.user_id = l.user_id and r.date >= case when $3 or l.chain_from is null then date '0001-01-01' else least(l.chain_from, $2) end
            order by r.date) r) d
        """;

    extension(XentreeDbContext context)
    {
        /// <summary>The learner, with the aggregates from <paramref name="since"/> on at least; null where there is no such account.</summary>
        public async Task<LearnerSnapshot?> FindLearnerAsync(Guid userId, LocalDate since, CancellationToken cancellation) =>
            (await context.FindLearnerAsync(SnapshotSql, userId, since, null, static _ => true, cancellation))?.Snapshot;

        /// <summary>The learner with everything since registration; null where there is no such account.</summary>
        public async Task<LearnerSnapshot?> FindLearnerFromRegistrationAsync(Guid userId, CancellationToken cancellation) =>
            (await context.ReadLearnerAsync(SnapshotSql, userId, default, fromRegistration: true, null, static _ => true, cancellation))?.Snapshot;

        /// <summary>The learner, and what the days from <paramref name="since"/> on show of themselves; null where there is no such account.</summary>
        public Task<(LearnerSnapshot Snapshot, ActivityDay[] Days)?> FindLearnerWithActivityAsync(
            Guid userId, LocalDate present, LocalDate since, CancellationToken cancellation) =>
            context.FindLearnerAsync(ActivitySql, userId, present, parameters => parameters.Add(new NpgsqlParameter<LocalDate> { TypedValue = since }), ReadActivity, cancellation);

        /// <summary>The learner with their name and the best booster that holds at <paramref name="now"/>; null where there is no such account.</summary>
        public Task<(LearnerSnapshot Snapshot, (string Username, Booster? Booster) Profile)?> FindLearnerWithProfileAsync(
            Guid userId, LocalDate since, Instant now, CancellationToken cancellation) =>
            context.FindLearnerAsync(ProfileSql, userId, since, parameters => parameters.Add(new NpgsqlParameter<Instant> { TypedValue = now }), ReadProfile, cancellation);

        private async Task<(LearnerSnapshot Snapshot, T More)?> FindLearnerAsync<T>(
            string sql, Guid userId, LocalDate since, Action<NpgsqlParameterCollection>? add, Func<DbDataReader, T> more, CancellationToken cancellation)
        {
            var read = await context.ReadLearnerAsync(sql, userId, since, fromRegistration: false, add, more, cancellation);
            // Else an outage was declared since for days that the checkpoint holds.
            if (read is not { Holds: false }) return Without(read);

            return Without(await context.ReadLearnerAsync(sql, userId, default, fromRegistration: true, add, more, cancellation));

            static (LearnerSnapshot, T)? Without((LearnerSnapshot Snapshot, bool Holds, T More)? read) => read is { } one ? (one.Snapshot, one.More) : null;
        }

        private async Task<(LearnerSnapshot Snapshot, bool Holds, T More)?> ReadLearnerAsync<T>(
            string sql, Guid userId, LocalDate since, bool fromRegistration, Action<NpgsqlParameterCollection>? add, Func<DbDataReader, T> more,
            CancellationToken cancellation) =>
            await context.Database.CreateExecutionStrategy().ExecuteAsync<(LearnerSnapshot, bool, T)?>(async cancel =>
            {
                await context.Database.OpenConnectionAsync(cancel);
                try
                {
                    await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)context.Database.GetDbConnection());
                    command.Parameters.AddSnapshot(userId, since, fromRegistration);
                    add?.Invoke(command.Parameters);
                    await using var reader = await command.ExecuteReaderAsync(cancel);
                    if (!await reader.ReadAsync(cancel)) return null;

                    var (snapshot, holds) = reader.ReadSnapshot(fromRegistration);
                    return (snapshot, holds, more(reader));
                }
                finally
                {
                    await context.Database.CloseConnectionAsync();
                }
            }, cancellation);
    }

    private static ActivityDay[] ReadActivity(DbDataReader reader)
    {
        var (dates, xp) = (reader.Array<int>(SnapshotColumns), reader.Array<long>(SnapshotColumns + 1));
        var (learned, activities) = (reader.Array<long>(SnapshotColumns + 2), reader.Array<int>(SnapshotColumns + 3));
        var days = new ActivityDay[dates.Length];
        for (var i = 0; i < days.Length; i++)
            days[i] = new ActivityDay(FirstDay.PlusDays(dates[i]), xp[i], WholeSeconds.Floor(Duration.FromTicks(learned[i])), activities[i]);
        return days;
    }

    private static (string Username, Booster? Booster) ReadProfile(DbDataReader reader) => (
        reader.GetString(SnapshotColumns),
        reader.IsDBNull(SnapshotColumns + 1)
            ? null
            : new Booster(reader.GetDecimal(SnapshotColumns + 1), reader.GetFieldValue<Instant>(SnapshotColumns + 2), reader.GetFieldValue<Instant>(SnapshotColumns + 3)));

    internal static void AddSnapshot(this NpgsqlParameterCollection parameters, Guid userId, LocalDate since, bool fromRegistration)
    {
        parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        parameters.Add(new NpgsqlParameter<LocalDate> { TypedValue = since });
        parameters.Add(new NpgsqlParameter<bool> { TypedValue = fromRegistration });
    }

    /// <summary>Reads a row of <see cref="SnapshotSql"/>; whether its checkpoint holds for the outages that stand.</summary>
    internal static (LearnerSnapshot Snapshot, bool Holds) ReadSnapshot(this DbDataReader reader, bool fromRegistration)
    {
        var userId = reader.GetGuid(32);
        var learner = new LearnerRow
        {
            UserId = userId,
            RegisteredAt = reader.GetFieldValue<Instant>(0),
            RegisteredZone = reader.GetString(1),
            Inputs = reader.GetInt64(2),
            TotalXp = reader.GetInt64(3),
            Tokens = reader.GetInt64(4),
            LongestStreak = reader.GetInt32(5),
            SegmentRows = reader.GetInt64(6),
            // Whoever begins at registration has found that the checkpoints do not serve: a save drops or replaces them.
            ChainCheckpoint = fromRegistration || reader.IsDBNull(7) ? null : reader.GetString(7),
            ChainFrom = fromRegistration || reader.IsDBNull(8) ? null : reader.GetFieldValue<LocalDate>(8),
            SegmentCheckpoint = fromRegistration || reader.IsDBNull(9) ? null : reader.GetString(9),
            SignalsFrom = fromRegistration || reader.IsDBNull(10) ? null : reader.GetFieldValue<Instant>(10),
            Announced = reader.IsDBNull(33) ? null : reader.GetString(33),
            SettleAt = reader.IsDBNull(11) ? null : reader.GetFieldValue<Instant>(11),
        };

        var inputs = new List<Input>();
        var changes = new List<ZoneEntry>();
        var (zoneAts, zones, zoneOrders) = (reader.Array<Instant>(12), reader.Array<string>(13), reader.Array<long>(14));
        for (var i = 0; i < zoneAts.Length; i++)
        {
            changes.Add(new ZoneEntry(zoneAts[i], zones[i]));
            inputs.Add(new ZoneChange(zoneAts[i], zones[i], zoneOrders[i]));
        }

        var (purchaseAts, purchaseOrders) = (reader.Array<Instant>(15), reader.Array<long>(16));
        for (var i = 0; i < purchaseAts.Length; i++) inputs.Add(new SaverPurchase(purchaseAts[i], purchaseOrders[i]));

        var (starts, ends) = (reader.Array<Instant>(17), reader.Array<Instant>(18));
        var outages = starts.Length == 0 ? Outages.None : new Outages(starts.Zip(ends, (start, end) => new Outage(start, end)));

        var days = ReadDays(reader, userId, first: 19);
        foreach (var day in days)
        {
            if (day.ActiveAt is { } at) inputs.Add(new Activity(at, day.Date, day.ActiveOrder!.Value));
        }

        inputs.Sort(Input.InOrder);
        var liveFrom = reader.IsDBNull(34) ? default(Instant?) : reader.GetFieldValue<Instant>(34);
        var from = learner.ChainCheckpoint is null
            ? Checkpoint.Genesis(learner.RegisteredAt, learner.RegisteredZone)
            : JsonSerializer.Deserialize<Checkpoint>(learner.ChainCheckpoint)!;
        return (new LearnerSnapshot(learner, from, new ZoneHistory(learner.RegisteredZone, changes), inputs, outages, days, liveFrom), from.Holds(outages));
    }

    /// <summary>The first date whose aggregate a fold from <paramref name="checkpoint"/> needs.</summary>
    internal static LocalDate FirstDateOf(Checkpoint checkpoint) => LocalDate.FromDateOnly(checkpoint.Today).PlusDays(-DatesApart);

    private static DayRow[] ReadDays(DbDataReader reader, Guid userId, int first)
    {
        var dates = reader.Array<LocalDate>(first);
        if (dates.Length == 0) return [];

        var (xp, quizXp) = (reader.Array<long>(first + 1), reader.Array<long>(first + 2));
        var (segments, activities, turns) = (reader.Array<int>(first + 3), reader.Array<int>(first + 4), reader.Array<int>(first + 5));
        var (xelTasks, sessions) = (reader.Array<int>(first + 6), reader.Array<int>(first + 7));
        var (conversations, xel, live) = (reader.Array<long>(first + 8), reader.Array<long>(first + 9), reader.Array<long>(first + 10));
        var (activeAts, activeOrders) = (reader.Array<Instant?>(first + 11), reader.Array<long?>(first + 12));
        var days = new DayRow[dates.Length];
        for (var i = 0; i < days.Length; i++)
        {
            days[i] = new DayRow
            {
                UserId = userId,
                Date = dates[i],
                Xp = xp[i],
                QuizXp = quizXp[i],
                Segments = segments[i],
                Activities = activities[i],
                Turns = turns[i],
                XelTasks = xelTasks[i],
                Sessions = sessions[i],
                ConversationTicks = conversations[i],
                XelTicks = xel[i],
                LiveTicks = live[i],
                ActiveAt = activeAts[i],
                ActiveOrder = activeOrders[i],
            };
        }

        return days;
    }

    private static T[] Array<T>(this DbDataReader reader, int column) => reader.IsDBNull(column) ? [] : reader.GetFieldValue<T[]>(column);
}
