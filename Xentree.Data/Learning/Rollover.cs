using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;
using Xentree.Data.Keys;
using Xentree.Data.Quests;

namespace Xentree.Data.Learning;

/// <summary>
/// Settles the learners whose day is over: it makes durable what reads derive, closes quests, announces what happened, and moves
/// checkpoints on. It goes through them in the order of the index, in batches of three round trips each, so that no learner comes twice
/// and memory does not grow. It may run twice, late, on several workers, or be killed: each batch is one transaction.
/// </summary>
public sealed class Rollover(XentreeDbContext context, LearningRules rules, KeyRing keys, TimeProvider time)
{
    /// <summary>How many learners a batch locks.</summary>
    public const int BatchSize = 200;

    // Ordered, so that two workers that wait for each other's learners do so in one direction.
    private const string DueSql =
        """
        select l.user_id, l.settle_at from learners l
        where l.settle_at <= $1 and (l.settle_at, l.user_id) > ($2, $3)
        order by l.settle_at, l.user_id limit $4 for update
        """;

    private const string QuestsSql =
        """
        select id, date, quest_id, catalogue_version, category, ordinal, title, description, target, progress, reward_multiplier, reward_duration, completed_at, is_closed,
               user_id
        from daily_quests where user_id = any($1) and not is_closed
        """;

    /// <summary>Settles the next batch after a place in the order.</summary>
    /// <param name="now">The present.</param>
    /// <param name="after">Where the last batch ended; <see cref="RolloverBatch.Start"/> at first.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<RolloverBatch> SettleAsync(Instant now, RolloverBatch after, CancellationToken cancellation)
    {
        var drawKey = await keys.GetAsync(KeyPurpose.QuestDraw, cancellation);
        return await context.Database.CreateExecutionStrategy().ExecuteAsync(async cancel =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancel);
            var connection = (NpgsqlConnection)context.Database.GetDbConnection();
            var due = await LockAsync(connection, now, after, cancel);
            if (due.Count == 0) return RolloverBatch.Start;

            var failures = new List<(Guid UserId, Exception Reason)>();
            var changes = new List<LearningChange>(due.Count);
            foreach (var window in await ReadAsync(connection, now, [.. due.Select(learner => learner.UserId)], cancel))
            {
                try
                {
                    var change = new LearningChange(window, rules, time, drawKey);
                    change.Settle();
                    changes.Add(change);
                }
                catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or FormatException or System.Text.Json.JsonException)
                {
                    // What is wrong with one learner's rows must not keep everybody else's day open.
                    failures.Add((window.Snapshot.Learner.UserId, exception));
                }
            }

            await changes.SaveSettledAsync(connection, cancel);
            await transaction.CommitAsync(cancel);
            LearningMetrics.CountSettled(due.Count - failures.Count);
            var (lastUser, lastAt) = due[^1];
            return new RolloverBatch(lastAt, lastUser, due.Count - failures.Count, failures);
        }, cancellation);
    }

    private static async Task<List<(Guid UserId, Instant SettleAt)>> LockAsync(
        NpgsqlConnection connection, Instant now, RolloverBatch after, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(DueSql, connection);
        command.Parameters.Add(new NpgsqlParameter<Instant> { TypedValue = now });
        command.Parameters.Add(new NpgsqlParameter<Instant> { TypedValue = after.SettleAt });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = after.UserId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var due = new List<(Guid, Instant)>();
        while (await reader.ReadAsync(cancellation)) due.Add((reader.GetGuid(0), reader.GetFieldValue<Instant>(1)));
        return due;
    }

    private static async Task<List<LearnerWindow>> ReadAsync(NpgsqlConnection connection, Instant now, Guid[] userIds, CancellationToken cancellation)
    {
        var quests = Array.Empty<DailyQuestRow>().ToLookup(quest => quest.UserId);
        var windows = new List<LearnerWindow>();
        // Those whose checkpoint an outage has overtaken are read again, from registration on.
        for (var fromRegistration = false; userIds.Length > 0; fromRegistration = true)
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(new NpgsqlBatchCommand(LearnerQueries.SnapshotsSql)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid[]> { TypedValue = userIds },
                    new NpgsqlParameter<LocalDate> { TypedValue = now.InUtc().Date },
                    new NpgsqlParameter<bool> { TypedValue = fromRegistration },
                },
            });
            batch.BatchCommands.Add(new NpgsqlBatchCommand(QuestsSql) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = userIds } } });

            var read = new List<(LearnerSnapshot Snapshot, bool Holds)>();
            await using (var reader = await batch.ExecuteReaderAsync(cancellation))
            {
                while (await reader.ReadAsync(cancellation)) read.Add(reader.ReadSnapshot(fromRegistration));
                await reader.NextResultAsync(cancellation);
                var rows = new List<DailyQuestRow>();
                while (await reader.ReadAsync(cancellation)) rows.Add(LearnerWindow.ReadQuest(reader, reader.GetGuid(14)));
                quests = rows.ToLookup(quest => quest.UserId);
            }

            windows.AddRange(read.Where(one => one.Holds).Select(one =>
                new LearnerWindow(now, IsSandbox: false, HasConversation: true, one.Snapshot, [], [], [], LiveSeconds: 0, [], [.. quests[one.Snapshot.Learner.UserId]])));
            userIds = [.. read.Where(one => !one.Holds).Select(one => one.Snapshot.Learner.UserId)];
        }

        return windows;
    }
}

/// <summary>A batch of the rollover, and its place in the order of those who were due.</summary>
/// <param name="SettleAt">When the last of them was due.</param>
/// <param name="UserId">The last of them.</param>
/// <param name="Settled">How many were settled.</param>
/// <param name="Failures">Those whose rows no fold can be made of, and why.</param>
public sealed record RolloverBatch(Instant SettleAt, Guid UserId, int Settled, IReadOnlyList<(Guid UserId, Exception Reason)> Failures)
{
    /// <summary>Before everybody; the answer where nobody was left.</summary>
    public static RolloverBatch Start { get; } = new(Instant.FromUtc(1970, 1, 1, 0, 0), Guid.Empty, 0, []);
}
