using Npgsql;
using Xentree.Data.Quests;
using Xentree.Domain.Xp;

namespace Xentree.Data.Learning;

/// <summary>Saves a <see cref="LearningChange"/> in one batch: one round trip, whatever there is to save.</summary>
internal static class LearningSave
{
    public static async Task SaveAsync(this LearningChange change, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        Save(batch, change);
        if (change.AskedXp is not var (after, upTo))
        {
            await batch.ExecuteNonQueryAsync(cancellation);
            return;
        }

        batch.Add(
            "select coalesce(sum(amount), 0)::bigint from xp_ledger where user_id = $1 and source = $2 and at > $3 and at <= $4",
            change.Learner.UserId, nameof(XpSource.Conversations), after, upTo);
        // The only statement that has a result.
        change.XpOfAsked = (long)(await batch.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>
    /// Saves changes that only settled, of many learners: a statement for each table, however many they are. Settling records no input and
    /// awards nothing, so it changes the learner's own row, closes quests and announces.
    /// </summary>
    public static async Task SaveSettledAsync(this IReadOnlyList<LearningChange> changes, NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (changes.Count == 0) return;

        LearnerRow[] learners = [.. changes.Select(change => change.Learner)];
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            """
            update learners l set longest_streak = c.longest, chain_checkpoint = c.chain::jsonb, chain_from = c.chain_from,
                   segment_checkpoint = c.segments::jsonb, signals_from = c.signals_from, settle_at = c.settle_at, announced = c.announced::jsonb
            from unnest($1, $2, $3, $4, $5, $6, $7, $8) c(user_id, longest, chain, chain_from, segments, signals_from, settle_at, announced)
            where l.user_id = c.user_id
            """,
            Of(learners, l => l.UserId), Of(learners, l => l.LongestStreak), Of(learners, l => l.ChainCheckpoint), Of(learners, l => l.ChainFrom),
            Of(learners, l => l.SegmentCheckpoint), Of(learners, l => l.SignalsFrom), Of(learners, l => l.SettleAt), Of(learners, l => l.Announced));

        DailyQuestRow[] closed = [.. changes.SelectMany(change => change.ChangedQuests)];
        if (closed.Length > 0) batch.Add("update daily_quests set is_closed = true where id = any($1)", Of(closed, quest => quest.Id));

        DomainEventRow[] events = [.. changes.SelectMany(change => change.Events)];
        if (events.Length > 0)
        {
            batch.Add(
                """
                insert into domain_events (id, user_id, type, payload, occurred_at, recorded_at)
                select id, user_id, type, payload::jsonb, occurred_at, recorded_at from unnest($1, $2, $3, $4, $5, $6) e(id, user_id, type, payload, occurred_at, recorded_at)
                """,
                Of(events, e => e.Id), Of(events, e => e.UserId), Of(events, e => e.Type), Of(events, e => e.Payload), Of(events, e => e.OccurredAt), Of(events, e => e.RecordedAt));
        }

        await batch.ExecuteNonQueryAsync(cancellation);

        static NpgsqlParameter<T[]> Of<TRow, T>(TRow[] rows, Func<TRow, T> column) => new() { TypedValue = Array.ConvertAll(rows, row => column(row)) };
    }

    private static void Save(NpgsqlBatch batch, LearningChange change)
    {
        SaveLearner(batch, change.Learner);
        foreach (var row in change.SignalRows)
        {
            batch.Add(
                """insert into session_signals (id, user_id, conversation_id, kind, occurred_at, received_at, date, is_belated, is_answer, "order") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
                row.Id, row.UserId, row.ConversationId, row.Kind.ToString(), row.OccurredAt, row.ReceivedAt, row.Date, row.IsBelated, row.IsAnswer, row.Order);
        }

        if (change.LiveRow is { } recorded)
            batch.Add("""update live_sessions set recorded_seconds = $2, "order" = $3 where id = $1""", recorded.Live.Id, recorded.Live.Seconds, recorded.Order);
        foreach (var row in change.BelatedRows)
        {
            batch.Add(
                "insert into belated_time (id, user_id, received_at, date, starts_at, ends_at) values ($1, $2, $3, $4, $5, $6)",
                row.Id, row.UserId, row.ReceivedAt, row.Date, row.StartsAt, row.EndsAt);
        }

        foreach (var row in change.PurchaseRows)
            batch.Add("""insert into saver_purchases (id, user_id, at, "order") values ($1, $2, $3, $4)""", row.Id, row.UserId, row.At, row.Order);
        foreach (var row in change.ZoneRows)
            batch.Add("""insert into zone_changes (id, user_id, at, zone, "order") values ($1, $2, $3, $4, $5)""", row.Id, row.UserId, row.At, row.Zone, row.Order);

        SaveAwards(batch, change);
        SaveQuests(batch, change);
        foreach (var day in change.ChangedDays)
        {
            batch.Add(
                """
                insert into learning_days (user_id, date, xp, quiz_xp, segments, activities, turns, xel_tasks, sessions, conversation_ticks, xel_ticks, live_ticks, active_at, active_order)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                on conflict (user_id, date) do update set
                  xp = excluded.xp, quiz_xp = excluded.quiz_xp, segments = excluded.segments, activities = excluded.activities, turns = excluded.turns,
                  xel_tasks = excluded.xel_tasks, sessions = excluded.sessions, conversation_ticks = excluded.conversation_ticks,
                  xel_ticks = excluded.xel_ticks, live_ticks = excluded.live_ticks, active_at = excluded.active_at, active_order = excluded.active_order
                """,
                day.UserId, day.Date, day.Xp, day.QuizXp, day.Segments, day.Activities, day.Turns, day.XelTasks, day.Sessions,
                day.ConversationTicks, day.XelTicks, day.LiveTicks, Nullable(day.ActiveAt), Nullable(day.ActiveOrder));
        }

        foreach (var row in change.Events)
        {
            batch.Add(
                "insert into domain_events (id, user_id, type, payload, occurred_at, recorded_at) values ($1, $2, $3, $4::jsonb, $5, $6)",
                row.Id, row.UserId, row.Type, row.Payload, row.OccurredAt, row.RecordedAt);
        }
    }

    private static void SaveLearner(NpgsqlBatch batch, LearnerRow learner) => batch.Add(
        """
        update learners set inputs = $2, total_xp = $3, tokens = $4, longest_streak = $5, segment_rows = $6, chain_checkpoint = $7::jsonb,
               chain_from = $8, segment_checkpoint = $9::jsonb, signals_from = $10, settle_at = $11, announced = $12::jsonb
        where user_id = $1
        """,
        learner.UserId, learner.Inputs, learner.TotalXp, learner.Tokens, learner.LongestStreak, learner.SegmentRows, Nullable(learner.ChainCheckpoint),
        Nullable(learner.ChainFrom), Nullable(learner.SegmentCheckpoint), Nullable(learner.SignalsFrom), Nullable(learner.SettleAt),
        Nullable(learner.Announced));

    private static void SaveAwards(NpgsqlBatch batch, LearningChange change)
    {
        foreach (var row in change.XpRows)
        {
            batch.Add(
                """
                insert into xp_ledger (id, user_id, source, source_id, base, multiplier, amount, at, date, received_at, makes_active, "order")
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                """,
                row.Id, row.UserId, row.Source.ToString(), row.SourceId, row.Base, row.Multiplier, row.Amount, row.At, row.Date, row.ReceivedAt, row.MakesActive, row.Order);
        }

        foreach (var row in change.TokenRows)
        {
            batch.Add(
                "insert into token_ledger (id, user_id, reason, source_id, amount, at) values ($1, $2, $3, $4, $5, $6)",
                row.Id, row.UserId, row.Reason.ToString(), row.SourceId, row.Amount, row.At);
        }

        foreach (var row in change.BoosterRows)
        {
            batch.Add(
                "insert into boosters (id, user_id, multiplier, starts_at, ends_at) values ($1, $2, $3, $4, $5)",
                row.Id, row.UserId, row.Multiplier, row.StartsAt, row.EndsAt);
        }
    }

    private static void SaveQuests(NpgsqlBatch batch, LearningChange change)
    {
        foreach (var row in change.DrawnQuests)
        {
            batch.Add(
                """
                insert into daily_quests (id, user_id, date, quest_id, catalogue_version, category, ordinal, title, description, target, progress,
                                          reward_multiplier, reward_duration, completed_at, is_closed)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
                """,
                row.Id, row.UserId, row.Date, row.QuestId, row.CatalogueVersion, row.Category.ToString(), row.Ordinal, row.Title, row.Description, row.Target,
                row.Progress, row.RewardMultiplier, row.RewardDuration, Nullable(row.CompletedAt), row.IsClosed);
        }

        foreach (var row in change.ChangedQuests.Except(change.DrawnQuests))
            batch.Add("update daily_quests set progress = $2, completed_at = $3, is_closed = $4 where id = $1", row.Id, row.Progress, Nullable(row.CompletedAt), row.IsClosed);
    }

    private static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(value is NpgsqlParameter parameter ? parameter : new NpgsqlParameter { Value = value });
        batch.BatchCommands.Add(command);
    }

    // A null still needs its type: PostgreSQL is asked before it sees the column.
    private static NpgsqlParameter<T?> Nullable<T>(T? value)
        where T : struct => new() { TypedValue = value };

    private static NpgsqlParameter<string?> Nullable(string? value) => new() { TypedValue = value };
}
