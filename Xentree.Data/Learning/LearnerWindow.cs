using NodaTime;
using Npgsql;
using Xentree.Data.Accounts;
using Xentree.Data.LearningTime;
using Xentree.Data.Live;
using Xentree.Data.Quests;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Live;
using Xentree.Domain.Quests;
using Xentree.Domain.Xp;

namespace Xentree.Data.Learning;

/// <summary>A learner under their lock, with all that a write may look at: recent signals, boosters and quests beside the snapshot.</summary>
/// <param name="Now">The present of the business clock. A sandbox user's never stands before an instant that was served.</param>
/// <param name="IsSandbox">Whether the rollover passes the learner over.</param>
/// <param name="HasConversation">Whether the conversation is there that was asked for, if one was.</param>
/// <param name="Snapshot">The chain and the aggregates.</param>
/// <param name="Signals">The signals that can still matter, in the order of recording.</param>
/// <param name="Belated">The seconds that belated signals have claimed.</param>
/// <param name="Live">What of live sessions was recorded.</param>
/// <param name="LiveSeconds">What is left of the live quota.</param>
/// <param name="Boosters">The boosters that can still matter.</param>
/// <param name="Quests">The quests of days that can still change, and every one that is not closed.</param>
internal sealed record LearnerWindow(
    Instant Now,
    bool IsSandbox,
    bool HasConversation,
    LearnerSnapshot Snapshot,
    IReadOnlyList<SignalRow> Signals,
    IReadOnlyList<BelatedTimeRow> Belated,
    IReadOnlyList<RecordedLive> Live,
    long LiveSeconds,
    IReadOnlyList<Booster> Boosters,
    IReadOnlyList<DailyQuestRow> Quests)
{
    /// <summary>Before the day of the oldest event that is taken: the draw looks back at 18 days before it.</summary>
    private const int DaysBack = 25;

    /// <summary>The days that an event of now may still pay: late ones reach 72 h and a gap back, and local dates differ by one.</summary>
    private const int PaidDaysBack = 6;

    private static readonly Duration BoosterReach = Duration.FromHours(80);

    // The lock comes first: what follows in the batch sees what the last holder of the lock committed.
    private const string LockSql = "select user_id from learners where user_id = $1 for update";

    // $4 a conversation that must be there for its owner, if any; $5 the organization whose it must be, if any.
    private const string UserSql =
        $"""
        select u.sandbox_now, u.plan, {LiveQueries.UsedSql},
               $4::uuid is null or exists (
                 select from conversations c where c.id = $4 and c.user_id = u.id and ($5::uuid is null or c.organization_id = $5))
        from users u where u.id = $1
        """;

    // Signals of the fold's window; and around an event that is older than it.
    private const string SignalsSql =
        """
        select s.id, s.conversation_id, s.kind, s.occurred_at, s.received_at, s.date, s.is_belated, s.is_answer, s."order"
        from session_signals s join learners l on l.user_id = s.user_id
        where s.user_id = $1 and ($3 or l.signals_from is null or s.occurred_at >= least(l.signals_from, $2))
        order by s."order"
        """;

    // What was claimed lies more than 72 h before it was told.
    private const string BelatedSql =
        """
        select b.id, b.received_at, b.date, b.starts_at, b.ends_at
        from belated_time b join learners l on l.user_id = b.user_id
        where b.user_id = $1 and ($3 or l.signals_from is null or b.received_at >= least(l.signals_from, $2))
        """;

    // A session lasts less than three days.
    private const string LiveSql =
        """
        select v.id, v.started_at, v.recorded_seconds
        from live_sessions v join learners l on l.user_id = v.user_id
        where v.user_id = $1 and ($3 or l.signals_from is null or v.started_at >= least(l.signals_from, $2) - interval '3 days')
        """;

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
    /// <param name="occurredAt">When the event happened.</param>
    /// <param name="countsWhereItLies">Whether it counts for its own day however long ago it happened.</param>
    /// <param name="conversation">The conversation that the event is of, and the organization whose it must be, where somebody has to see to that.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<LearnerWindow?> LockAsync(
        NpgsqlConnection connection, Guid userId, Instant now, Instant occurredAt, bool countsWhereItLies, (Guid Id, Guid? OrganizationId)? conversation, LearningRules rules,
        CancellationToken cancellation)
    {
        var month = LiveQuota.MonthOf(now);
        var at = Instant.Min(occurredAt, now);
        var since = at.InUtc().Date.PlusDays(-DaysBack);
        for (var fromRegistration = false; ; fromRegistration = true)
        {
            await using var batch = new NpgsqlBatch(connection);
            Add(LockSql);
            var user = Add(UserSql, LiveQuota.StartOf(month)).Parameters;
            user.Add(new NpgsqlParameter<Instant> { TypedValue = LiveQuota.StartOf(month.PlusMonths(1)) });
            user.Add(new NpgsqlParameter<Guid?> { TypedValue = conversation?.Id });
            user.Add(new NpgsqlParameter<Guid?> { TypedValue = conversation?.OrganizationId });
            var snapshotCommand = new NpgsqlBatchCommand(LearnerQueries.SnapshotSql);
            snapshotCommand.Parameters.AddSnapshot(userId, since, fromRegistration);
            batch.BatchCommands.Add(snapshotCommand);
            Add(SignalsSql, at - Duration.FromMinutes(61)).Parameters.Add(new NpgsqlParameter<bool> { TypedValue = fromRegistration });
            Add(BelatedSql, at - Duration.FromMinutes(61)).Parameters.Add(new NpgsqlParameter<bool> { TypedValue = fromRegistration });
            Add(LiveSql, at - Duration.FromMinutes(61)).Parameters.Add(new NpgsqlParameter<bool> { TypedValue = fromRegistration });
            Add(BoostersSql, now - BoosterReach);
            var firstQuests = LocalDate.Min(at.InUtc().Date.PlusDays(-2), now.InUtc().Date.PlusDays(-PaidDaysBack));
            Add(QuestsSql).Parameters.Add(new NpgsqlParameter<LocalDate> { TypedValue = firstQuests });

            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            if (!await reader.ReadAsync(cancellation)) return null;
            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var standsAt = reader.IsDBNull(0) ? default(Instant?) : reader.GetFieldValue<Instant>(0);
            var live = new LiveQuota(month, rules.Live.SecondsOf(Enum.Parse<UserPlan>(reader.GetString(1))), reader.GetInt64(2));
            var hasConversation = reader.GetBoolean(3);
            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var (snapshot, holds) = reader.ReadSnapshot(fromRegistration);
            if (!fromRegistration && !(holds && Serves(snapshot, at, now, countsWhereItLies, rules))) continue;

            return new LearnerWindow(
                standsAt is { } sandboxNow ? Instant.Max(now, sandboxNow) : now,
                standsAt is not null,
                hasConversation,
                snapshot,
                await RowsAsync(ReadSignal),
                await RowsAsync(ReadBelated),
                await RowsAsync(r => new RecordedLive(r.GetGuid(0), r.GetFieldValue<Instant>(1), r.GetInt64(2))),
                live.RemainingSeconds,
                await RowsAsync(r => new Booster(r.GetDecimal(0), r.GetFieldValue<Instant>(1), r.GetFieldValue<Instant>(2))),
                await RowsAsync(row => ReadQuest(row, userId)));

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
            IsAnswer = r.GetBoolean(7),
            Order = r.GetInt64(8),
        };

        BelatedTimeRow ReadBelated(NpgsqlDataReader r) => new()
        {
            Id = r.GetGuid(0),
            UserId = userId,
            ReceivedAt = r.GetFieldValue<Instant>(1),
            Date = r.GetFieldValue<LocalDate>(2),
            StartsAt = r.GetFieldValue<Instant>(3),
            EndsAt = r.GetFieldValue<Instant>(4),
        };
    }

    /// <summary>
    /// Whether the checkpoints lie before all that the event may change. A server whose clock is ahead of this one's may have made one
    /// that does not: then the fold begins at registration, and the checkpoint is dropped.
    /// </summary>
    private static bool Serves(LearnerSnapshot snapshot, Instant at, Instant now, bool countsWhereItLies, LearningRules rules)
    {
        var isBelated = !countsWhereItLies && at < now - rules.Streaks.At(now).LateWindow;
        var reachesBackTo = (isBelated ? now : at) - Duration.FromSeconds(rules.Xp.SessionEndSeconds);
        return snapshot.BeginsAt <= reachesBackTo
            && snapshot.SegmentsFrom.At <= (countsWhereItLies ? Instant.Min(at, SegmentFold.Reach(now, rules.Xp)) : SegmentFold.Reach(now, rules.Xp));
    }

    /// <summary>Reads a quest: its columns as <see cref="QuestsSql"/> names them.</summary>
    internal static DailyQuestRow ReadQuest(NpgsqlDataReader r, Guid userId) => new()
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

/// <summary>What of a live session was recorded: its charged seconds, from its start on.</summary>
/// <param name="Id">The session.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="Seconds">How many were recorded.</param>
internal readonly record struct RecordedLive(Guid Id, Instant StartedAt, long Seconds)
{
    /// <summary>The seconds.</summary>
    public Interval Interval => new(StartedAt, StartedAt + Duration.FromSeconds(Seconds));
}
