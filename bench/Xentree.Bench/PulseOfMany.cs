using System.Globalization;
using NodaTime;
using Xentree.Bench.Data;
using Xentree.Bench.Hosts;
using Xentree.Bench.Load;
using Xentree.Bench.Report;
using Xentree.Worker.Streaks;

namespace Xentree.Bench;

/// <summary>The pulse of a learner with very many events beside that of one with ten: it reads days, never events.</summary>
internal sealed class PulseOfMany : IBenchmark
{
    private const int Few = 0;
    private const int Many = 1;

    public string Name => "pulse";

    public string Title => "The pulse of very many events";

    public async Task RunAsync(BenchDatabase database, bool isQuick, BenchReport report, CancellationToken cancellation)
    {
        var events = isQuick ? 300_000 : 10_000_000;
        var now = TimeProvider.System.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await database.AddLearnersAsync(Few, 2, now.AddDays(-400), cancellation);
        await database.SignInAsync(Few, 2, now, cancellation);
        await database.AddDaysAsync(Few, 1, today.AddDays(-9), today, cancellation);
        await database.AddDaysAsync(Many, 1, today.AddDays(-364), today, cancellation);
        await AddEventsAsync(database, Few, 10, days: 10, now, cancellation);
        await AddEventsAsync(database, Many, events, days: 365, now, cancellation);
        await database.BalanceAsync(Few, 2, now.AddMinutes(-1), cancellation);

        await using var api = await ApiReplica.StartAsync(database, null, cancellation);
        await RollOverStreaks.RunAsync(api.Services, Instant.FromDateTimeOffset(now), cancellation);
        await database.SettleAsync(cancellation);
        var few = await api.TokenAsync(Learners.UserId(Few), Learners.SessionId(Few), cancellation);
        var many = await api.TokenAsync(Learners.UserId(Many), Learners.SessionId(Many), cancellation);

        using var client = new HttpCalls(api.Address);
        var plan = new Plan(4, TimeSpan.FromSeconds(isQuick ? 1 : 3), TimeSpan.FromSeconds(isQuick ? 1 : 2), isQuick ? 3 : 7);
        var rounds = await Rounds.RunAsync(
            plan,
            [
                ("few", _ => client.GetAsync("/api/xp/learning-pulse", few, cancellation)),
                ("many", _ => client.GetAsync("/api/xp/learning-pulse", many, cancellation)),
            ],
            cancellation);

        var ratio = rounds.Ratio("many", "few", sample => 1 / sample.Rate);
        var text = events.ToString("N0", CultureInfo.InvariantCulture);
        report.Target($"time for a learner with {text} events over that for one with ten", "0.8–1.2", ratio.Text("0.00"), ratio.Median is >= 0.8 and <= 1.2);
        report.Say($"{text} signals over 365 active days, beside ten over ten days; {plan.Workers} connections, {plan.Rounds} rounds of {plan.Duration.TotalSeconds:0.0} s each:");
        report.Table(
            ["Events", "Requests a second", "p50, ms", "p99, ms"],
            [Row("10", "few"), Row(text, "many")]);

        string[] Row(string what, string name) =>
        [
            what, rounds.Of(name, sample => sample.Rate).Text("N0"), rounds.Of(name, sample => sample.Percentile(50)).Text("0.0"), rounds.Of(name, sample => sample.Percentile(99)).Text("0.0"),
        ];
    }

    // The indexes are dropped and built again, which gives the same in less time.
    private static Task AddEventsAsync(BenchDatabase database, int user, int count, int days, DateTimeOffset now, CancellationToken cancellation) => database.ExecuteAsync(
        $"""
        set session_replication_role = replica;
        set maintenance_work_mem = '512MB';
        create temp table definitions as select indexname, indexdef from pg_indexes where tablename = 'session_signals' and indexname not like 'pk%';
        do $$ declare d record; begin for d in select * from definitions loop execute 'drop index ' || quote_ident(d.indexname); end loop; end $$;
        insert into session_signals (id, user_id, conversation_id, kind, occurred_at, received_at, date, is_belated, is_answer, "order")
        select uuidv7(), '{Learners.UserId(user)}', '{Learners.ConversationId(user)}', 'Activity', at, at, at::date, false, false, e
        from (select e, @now - @days * interval '1 day' * (1 - e::float8 / @count) as at from generate_series(1, @count) e) s;
        do $$ declare d record; begin for d in select * from definitions loop execute d.indexdef; end loop; end $$;
        """, cancellation, ("now", now), ("days", days), ("count", count));
}
