using NodaTime;
using Npgsql;
using Xentree.Data.LearningTime;
using Xentree.Data.Quests;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Quests;
using Xentree.Domain.Xp;

namespace Xentree.Data.Learning;

/// <summary>A learner under their lock, with all that a write may look at: recent signals, boosters and quests beside the snapshot.</summary>
internal sealed record LearnerWindow(
    bool IsSandbox,
    LearnerSnapshot Snapshot,
    IReadOnlyList<SignalRow> Signals,
    IReadOnlyList<BelatedTime> Belated,
    IReadOnlyList<Booster> Boosters,
    IReadOnlyList<DailyQuestRow> Quests)
{
    /// <summary>Before the day of the oldest event that is taken: the draw looks back at 18 days before it.</summary>
    private const int DaysBack = 25;

    private static readonly Duration BoosterReach = Duration.FromHours(80);

    // The lock comes first: what follows in the batch sees what the last holder of the lock committed.
    private const string LockSql = "select u.sandbox_now is not null from learners l join users u on u.id = l.user_id where l.user_id = $1 for update of l";

    // Signals of the fold's window; and around an event that is older than it.
    private const string SignalsSql =
        """
        select s.id, s.conversation_id, s.kind, s.occurred_at, s.received_at, s.date, s.is_belated, s."order"
        from session_signals s join learners l on l.user_id = s.user_id
        where s.user_id = $1 and (l.signals_from is null or s.occurred_at >= least(l.signals_from, $2))
        order by s."order"
        """;

    private const string BelatedSql =
        "select b.received_at, b.ticks from belated_time b join learners l on l.user_id = b.user_id where b.user_id = $1 and (l.signals_from is null or b.received_at >= l.signals_from)";

    private const string BoostersSql = "select multiplier, starts_at, ends_at from boosters where user_id = $1 and ends_at > $2";

    private const string QuestsSql =
        """
        select id, date, quest_id, catalogue_version, category, ordinal, title, description, target, progress, reward_multiplier, reward_duration, completed_at, is_closed
        from daily_quests where user_id = $1 and (date >= $2 or not is_closed) order by date, ordinal
        """;

    /// <summary>Takes the lock and reads, in one round trip; null where there is no such account.</summary>
    /// <param name="connection">A connection with an open transaction.</param>
    /// <param name="userId">The learner.</param>
    /// <param name="now">The present of the business clock.</param>
    /// <param name="at">When the event happened.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<LearnerWindow?> LockAsync(NpgsqlConnection connection, Guid userId, Instant now, Instant at, CancellationToken cancellation)
    {
        var since = at.InUtc().Date.PlusDays(-DaysBack);
        for (var fromRegistration = false; ; fromRegistration = true)
        {
            await using var batch = new NpgsqlBatch(connection);
            Add(LockSql);
            var snapshotCommand = new NpgsqlBatchCommand(LearnerQueries.SnapshotSql);
            snapshotCommand.Parameters.AddSnapshot(userId, since, fromRegistration);
            batch.BatchCommands.Add(snapshotCommand);
            Add(SignalsSql, at - Duration.FromMinutes(61));
            Add(BelatedSql);
            Add(BoostersSql, now - BoosterReach);
            var quests = Add(QuestsSql);
            quests.Parameters.Add(new NpgsqlParameter<LocalDate> { TypedValue = at.InUtc().Date.PlusDays(-2) });

            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            if (!await reader.ReadAsync(cancellation)) return null;
            var isSandbox = reader.GetBoolean(0);
            await reader.NextResultAsync(cancellation);
            var (snapshot, holds) = await reader.ReadSnapshotAsync(userId, fromRegistration, cancellation);
            if (!holds) continue;

            return new LearnerWindow(
                isSandbox,
                snapshot!,
                await RowsAsync(ReadSignal),
                await RowsAsync(r => new BelatedTime(r.GetFieldValue<Instant>(0), Duration.FromTicks(r.GetInt64(1)))),
                await RowsAsync(r => new Booster(r.GetDecimal(0), r.GetFieldValue<Instant>(1), r.GetFieldValue<Instant>(2))),
                await RowsAsync(ReadQuest));

            NpgsqlBatchCommand Add(string sql, Instant? instant = null)
            {
                var command = new NpgsqlBatchCommand(sql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = userId } } };
                if (instant is { } value) command.Parameters.Add(new NpgsqlParameter<Instant> { TypedValue = value });
                batch.BatchCommands.Add(command);
                return command;
            }

            async Task<List<T>> RowsAsync<T>(Func<NpgsqlDataReader, T> read)
            {
                var rows = new List<T>();
                await reader.NextResultAsync(cancellation);
                while (await reader.ReadAsync(cancellation)) rows.Add(read(reader));
                return rows;
            }
        }

        SignalRow ReadSignal(NpgsqlDataReader r) => new()
        {
            Id = r.GetGuid(0),
            UserId = userId,
            ConversationId = r.GetGuid(1),
            Kind = Enum.Parse<SignalKind>(r.GetString(2)),
            OccurredAt = r.GetFieldValue<Instant>(3),
            ReceivedAt = r.GetFieldValue<Instant>(4),
            Date = r.GetFieldValue<LocalDate>(5),
            IsBelated = r.GetBoolean(6),
            Order = r.GetInt64(7),
        };

        DailyQuestRow ReadQuest(NpgsqlDataReader r) => new()
        {
            Id = r.GetGuid(0),
            UserId = userId,
            Date = r.GetFieldValue<LocalDate>(1),
            QuestId = r.GetString(2),
            CatalogueVersion = r.GetInt32(3),
            Category = Enum.Parse<QuestCategory>(r.GetString(4)),
            Ordinal = r.GetInt32(5),
            Title = r.GetString(6),
            Description = r.GetString(7),
            Target = r.GetInt64(8),
            Progress = r.GetInt64(9),
            RewardMultiplier = r.GetDecimal(10),
            RewardDuration = r.GetInt32(11),
            CompletedAt = r.IsDBNull(12) ? null : r.GetFieldValue<Instant>(12),
            IsClosed = r.GetBoolean(13),
        };
    }
}
