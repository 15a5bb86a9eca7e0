using Npgsql;

namespace Xentree.Data.Learning;

/// <summary>Saves a <see cref="LearningChange"/> in one batch: one round trip, whatever there is to save.</summary>
internal static class LearningSave
{
    public static async Task SaveAsync(this LearningChange change, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(change);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Adds all that a change saves to a batch.</summary>
    public static void Add(this NpgsqlBatch batch, LearningChange change)
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
