using System.Diagnostics;
using System.Globalization;
using NodaTime;
using Npgsql;
using Xentree.Bench.Data;
using Xentree.Bench.Hosts;
using Xentree.Bench.Load;
using Xentree.Bench.Report;
using Xentree.Worker.Streaks;

namespace Xentree.Bench;

/// <summary>
/// The rollover of a midnight among very many learners. Those who are due have a streak of some days and the five quests of yesterday;
/// every fifth of them was not there yesterday. The baseline is one statement that updates the same rows.
/// </summary>
internal sealed class RolloverOfMany : IBenchmark
{
    private const string BareSql =
        """
        with due as (
          update learners set settle_at = settle_at + interval '1 day', longest_streak = longest_streak + 1, announced = announced || '{}'
          where settle_at <= $1 returning user_id)
        update daily_quests q set is_closed = true from due where q.user_id = due.user_id and not q.is_closed
        """;

    public string Name => "rollover";

    public string Title => "Rollover";

    public async Task RunAsync(BenchDatabase database, bool isQuick, BenchReport report, CancellationToken cancellation)
    {
        int[] counts = isQuick ? [300, 3_000, 10_000] : [1_000, 10_000, 100_000];
        var (users, due, rounds) = (isQuick ? 50_000 : 1_000_000, counts[^1], isQuick ? 2 : 3);
        var midnight = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        await using var api = await PrepareAsync(database, users, due, midnight, cancellation);

        var rows = new List<string[]>();
        var times = new Dictionary<int, Spread>();
        var growth = 0.0;
        foreach (var count in counts)
        {
            var (bare, ours) = (new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                await ResetAsync(database, count, midnight, cancellation);
                bare.Add(await TimeAsync(async () =>
                {
                    await using var update = api.Pool.CreateCommand(BareSql);
                    update.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = midnight });
                    update.CommandTimeout = 0;
                    await update.ExecuteNonQueryAsync(cancellation);
                }));
                await ResetAsync(database, count, midnight, cancellation);
                using var memory = PeakMemory.Watch();
                ours.Add(await TimeAsync(async () =>
                {
                    var settled = await RollOverStreaks.RunAsync(api.Services, Instant.FromDateTimeOffset(midnight), cancellation);
                    if (settled != count) throw new InvalidOperationException($"{settled} learners were settled, and {count} were due.");
                }));
                growth = Math.Max(growth, memory.GrowthInMegabytes);
            }

            var ratio = new Spread([.. ours.Zip(bare, (one, other) => one / other)]);
            times[count] = new Spread(ours);
            rows.Add([N(count), new Spread(bare).Text("0.00"), times[count].Text("0.00"), ratio.Text("0.0"), (times[count].Median / count * 1e6).ToString("0", CultureInfo.InvariantCulture)]);
            report.Target($"{N(count)} due of {N(users)}, time over that of the bare UPDATE of the same rows", "≤ 3", ratio.Text("0.0"), ratio.Median <= 3);
        }

        var proportion = times[counts[^1]].Median / counts[^1] / (times[counts[^2]].Median / counts[^2]);
        report.Target($"time for each of {N(counts[^1])} due over that for each of {N(counts[^2])}", "0.5–1.5", proportion.ToString("0.00", CultureInfo.InvariantCulture), proportion is >= 0.5 and <= 1.5);
        report.Target("growth of memory, at most, in MB", "< 100", growth.ToString("0", CultureInfo.InvariantCulture), growth < 100);
        report.Say($"{N(users)} learners, {rounds} rounds, fsync on. Seconds:");
        report.Table(["Due", "Bare UPDATE of the same rows", "Rollover", "Rollover / UPDATE", "Rollover, µs for each due"], rows);

        static string N(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
    }

    private static async Task<ApiReplica> PrepareAsync(BenchDatabase database, int users, int due, DateTimeOffset midnight, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(midnight.UtcDateTime);
        await database.AddLearnersAsync(0, users, midnight.AddDays(-6).AddHours(8), cancellation);
        // Everybody else is due at some other midnight to come.
        await database.ExecuteAsync("update learners set settle_at = @next + random() * interval '20 hours' + interval '1 hour'", cancellation, ("next", midnight.AddDays(2)));
        await database.AddDaysAsync(0, due, today.AddDays(-5), today.AddDays(-2), cancellation);
        await database.BalanceAsync(0, due, midnight.AddDays(-1), cancellation);
        var api = await ApiReplica.StartAsync(database, null, cancellation);
        // The night before, so that there is something to go on from.
        await RollOverStreaks.RunAsync(api.Services, Instant.FromDateTimeOffset(midnight.AddDays(-1)), cancellation);
        await database.AddDaysAsync(0, due, today.AddDays(-1), today.AddDays(-1), cancellation, except: 5);
        await database.ExecuteAsync(
            $"""
            insert into daily_quests (id, user_id, date, quest_id, catalogue_version, category, ordinal, title, description, target, progress, reward_multiplier, reward_duration, is_closed)
            select gen_random_uuid(), {Learners.Id("7000")}, @date, 'bench-' || c.ordinal, 1, c.category, c.ordinal, 'A title of some length', 'A description that says what is to be done, and by when', 5, 2, 1.5, 30, false
            from generate_series(0, @due - 1) n, unnest(array[{Categories}]) with ordinality c(category, ordinal);
            create table learners_before as select * from learners where settle_at <= @midnight;
            """, cancellation, ("date", today.AddDays(-1)), ("due", due), ("midnight", midnight));
        return api;
    }

    private static string Categories => string.Join(", ", Enum.GetNames<Domain.Quests.QuestCategory>().Select(name => $"'{name}'"));

    // So many are due at this midnight, and the others of those who could be are not.
    private static async Task ResetAsync(BenchDatabase database, int count, DateTimeOffset midnight, CancellationToken cancellation)
    {
        await database.ExecuteAsync(
            $"""
            update learners l set settle_at = @midnight + interval '2 days', longest_streak = b.longest_streak, announced = b.announced, chain_checkpoint = b.chain_checkpoint,
                   chain_from = b.chain_from, segment_checkpoint = b.segment_checkpoint, signals_from = b.signals_from, tokens = b.tokens
            from learners_before b where b.user_id = l.user_id and (l.settle_at <> @midnight + interval '2 days' or l.longest_streak <> b.longest_streak);
            update daily_quests set is_closed = false where is_closed;
            truncate domain_events;
            update learners set settle_at = @midnight where user_id in (select {Learners.Id("7000")} from generate_series(0, @count - 1) n);
            """, cancellation, ("midnight", midnight), ("count", count));
        await database.SettleAsync(cancellation);
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>How much more memory the process holds than at first, at most.</summary>
    private sealed class PeakMemory : IDisposable
    {
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

        private readonly long _first;
        private readonly Timer _timer;
        private long _peak;

        private PeakMemory()
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
            _first = _peak = Environment.WorkingSet;
            _timer = new Timer(_ => _peak = Math.Max(_peak, Environment.WorkingSet), null, Interval, Interval);
        }

        public double GrowthInMegabytes => (_peak - _first) / 1e6;

        public static PeakMemory Watch() => new();

        public void Dispose() => _timer.Dispose();
    }
}
