using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using Npgsql;
using Xentree.Api.Auth;
using Xentree.Bench.Data;
using Xentree.Bench.Hosts;
using Xentree.Bench.Load;
using Xentree.Bench.Report;
using Xentree.Worker.Streaks;

namespace Xentree.Bench;

/// <summary>
/// The reads that every screen begins with, of learners who were there on every day of a year, which is the most that a read can
/// find. The baseline reads as much with one prepared query and answers with as much JSON.
/// </summary>
internal sealed class HotReads : IBenchmark
{
    private const int Users = 200;

    private static readonly Read[] Reads =
    [
        new("xp/profile", "/api/xp/profile", Rows: 1),
        new("streak-status", "/api/xp/streak-status", Rows: 1),
        new("weekly-activity", "/api/xp/weekly-activity", Rows: 7),
        new("learning-pulse", "/api/xp/learning-pulse", Rows: 365),
    ];

    public string Name => "hot-reads";

    public string Title => "Hot reads";

    public async Task RunAsync(BenchDatabase database, bool isQuick, BenchReport report, CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await database.AddLearnersAsync(0, Users, now.AddDays(-400), cancellation);
        await database.SignInAsync(0, Users, now, cancellation);
        await database.AddDaysAsync(0, Users, today.AddDays(-364), today, cancellation);
        await database.BalanceAsync(0, Users, now.AddMinutes(-1), cancellation);

        await using var api = await ApiReplica.StartAsync(database, (app, pool) => BareRead.Map(app, pool).RequireScope("conversations:read"), cancellation);
        // As the nights before would have: checkpoints stand near the present.
        await RollOverStreaks.RunAsync(api.Services, Instant.FromDateTimeOffset(now), cancellation);
        await database.SettleAsync(cancellation);
        await using var bare = await BareHost.StartAsync(app => BareRead.Map(app, api.Pool), cancellation);

        var tokens = new string[Users];
        for (var user = 0; user < Users; user++) tokens[user] = await api.TokenAsync(Learners.UserId(user), Learners.SessionId(user), cancellation);

        using var client = new HttpCalls(api.Address);
        using var bareClient = new HttpCalls(bare.Address);
        var plan = isQuick
            ? new Plan(8, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.7), 3)
            : new Plan(8, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1.6), 5);
        var (throughput, layers, allocations) = (new List<string[]>(), new List<string[]>(), new List<string[]>());
        foreach (var read in Reads)
        {
            var bytes = await client.GetAsync(read.Path, tokens[0], cancellation);
            var bareBytes = await bareClient.GetAsync(BareRead.PathOf(read.Rows, 0), null, cancellation);
            var canned = BareRead.CannedPath((int)bytes);
            var rounds = await Rounds.RunAsync(
                plan,
                [
                    ("canned", _ => bareClient.GetAsync(canned, null, cancellation)),
                    ("bare", _ => bareClient.GetAsync(BareRead.PathOf(read.Rows, Any()), null, cancellation)),
                    ("behind", _ =>
                    {
                        var user = Any();
                        return client.GetAsync(BareRead.PathOf(read.Rows, user), tokens[user], cancellation);
                    }),
                    ("ours", _ => client.GetAsync(read.Path, tokens[Any()], cancellation)),
                ],
                cancellation);

            Spread Rate(string name) => rounds.Of(name, sample => sample.Rate);
            var toBehind = rounds.Ratio("ours", "behind", sample => sample.Rate);
            var toBare = rounds.Ratio("ours", "bare", sample => sample.Rate);
            var tail = rounds.Ratio("ours", "behind", sample => sample.Percentile(99));
            throughput.Add(
            [
                read.Name, $"{bytes:N0} / {bareBytes:N0}", Rate("bare").Text("N0"), Rate("behind").Text("N0"), Rate("ours").Text("N0"),
                toBehind.Text("0.00"), toBare.Text("0.00"), rounds.Of("behind", sample => sample.Percentile(99)).Text("0.0"), rounds.Of("ours", sample => sample.Percentile(99)).Text("0.0"),
            ]);
            var (whole, behind, plain) = (1e6 / Rate("ours").Median, 1e6 / Rate("behind").Median, 1e6 / Rate("bare").Median);
            layers.Add([read.Name, Figure(plain, "0"), Figure(behind - plain, "0"), Figure(whole - behind, "0"), Figure(whole, "0")]);
            double Allocated(string name) => (rounds.Of(name, sample => sample.AllocatedPerCall).Median - rounds.Of("canned", sample => sample.AllocatedPerCall).Median) / 1024;
            allocations.Add([read.Name, Figure(Allocated("bare"), "0.0"), Figure(Allocated("behind"), "0.0"), Figure(Allocated("ours"), "0.0")]);

            report.Target($"{read.Name}, of the throughput of one query behind the same authentication and limiter", "≥ 0.7", toBehind.Text("0.00"), toBehind.Median >= 0.7);
            report.Target($"{read.Name}, p99 over that of the same", "≤ 2", tail.Text("0.00"), tail.Median <= 2);
            report.Target($"{read.Name}, of the throughput of one query on bare Kestrel", "≥ 0.4", toBare.Text("0.00"), toBare.Median >= 0.4);
        }

        report.Say($"{plan.Workers} connections, {Users} learners, {plan.Rounds} rounds of {plan.Duration.TotalSeconds:0.0} s each. Requests a second, and p99 in ms:");
        report.Table(["Read", "Bytes of the body: ours / baseline", "One query, bare", "+ authentication and limiter", "Ours", "Ours / behind the same", "Ours / bare", "p99 behind the same", "p99 ours"], throughput);
        report.Say("What each layer costs of the whole machine for a request, in µs (the inverse of the rates above; the client's part is in the first):");
        report.Table(["Read", "Client, Kestrel and one query", "Authentication, limiter and conventions", "Our operation, less the one query", "Sum"], layers);
        report.Say("Allocated for a request, in KiB, less what the same client and Kestrel allocate for an answer of the same length out of memory:");
        report.Table(["Read", "One query, bare", "+ authentication and limiter", "Ours"], allocations);
    }

    private static int Any() => RandomNumberGenerator.GetInt32(Users);

    private static string Figure(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed record Read(string Name, string Path, int Rows);

    /// <summary>The baseline's operation: one prepared query, its rows as JSON.</summary>
    private static class BareRead
    {
        private const string OneSql =
            """
            select u.username, l.registered_zone, l.registered_at, l.inputs, l.total_xp, l.tokens, l.longest_streak, l.segment_rows, l.settle_at, d.date, d.xp, d.quiz_xp, d.activities
            from users u join learners l on l.user_id = u.id left join learning_days d on d.user_id = u.id and d.date = $2 where u.id = $1
            """;

        private const string DaysSql =
            """
            select date, xp, (conversation_ticks + xel_ticks + live_ticks) / 10000000, activities, sessions, quiz_xp > 0
            from learning_days where user_id = $1 and date > $2 order by date
            """;

        public static string PathOf(int rows, int user) => $"/bench/{rows}/{Learners.UserId(user)}";

        public static string CannedPath(int bytes) => $"/bench/canned/{bytes}";

        public static RouteGroupBuilder Map(WebApplication app, NpgsqlDataSource pool)
        {
            var group = app.MapGroup("/bench");
            group.MapGet("/1/{user:guid}", (Guid user, CancellationToken cancellation) => OneAsync(pool, user, cancellation));
            group.MapGet("/7/{user:guid}", (Guid user, CancellationToken cancellation) => DaysAsync(pool, user, 7, cancellation));
            group.MapGet("/365/{user:guid}", (Guid user, CancellationToken cancellation) => DaysAsync(pool, user, 365, cancellation));
            var answers = new System.Collections.Concurrent.ConcurrentDictionary<int, byte[]>();
            group.MapGet("/canned/{bytes:int}", (int bytes) => Results.Bytes(answers.GetOrAdd(bytes, length => new byte[length]), "application/json"));
            return group;
        }

        private static DateOnly Before(int days) => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-days);

        private static async Task<IResult> OneAsync(NpgsqlDataSource pool, Guid user, CancellationToken cancellation)
        {
            await using var connection = await pool.OpenConnectionAsync(cancellation);
            await using var command = await PrepareAsync(connection, OneSql, user, Before(0), cancellation);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            await row.ReadAsync(cancellation);
            return TypedResults.Ok(new One(
                row.GetString(0), row.GetString(1), row.GetFieldValue<DateTime>(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt32(6), row.GetInt64(7),
                row.IsDBNull(8) ? null : row.GetFieldValue<DateTime>(8), row.GetFieldValue<DateOnly>(9), row.GetInt64(10), row.GetInt64(11), row.GetInt32(12)));
        }

        private static async Task<IResult> DaysAsync(NpgsqlDataSource pool, Guid user, int days, CancellationToken cancellation)
        {
            await using var connection = await pool.OpenConnectionAsync(cancellation);
            await using var command = await PrepareAsync(connection, DaysSql, user, Before(days), cancellation);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            var all = new List<Day>(days);
            while (await row.ReadAsync(cancellation))
                all.Add(new(row.GetFieldValue<DateOnly>(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3), row.GetInt32(4), row.GetBoolean(5)));
            return TypedResults.Ok(all);
        }

        private static async Task<NpgsqlCommand> PrepareAsync(NpgsqlConnection connection, string sql, Guid user, DateOnly date, CancellationToken cancellation)
        {
            var command = new NpgsqlCommand(sql, connection)
            {
                Parameters = { new NpgsqlParameter<Guid> { TypedValue = user }, new NpgsqlParameter<DateOnly> { TypedValue = date } },
            };
            // Once for each connection of the pool; from then on it is remembered.
            await command.PrepareAsync(cancellation);
            return command;
        }

        private sealed record One(
            string Username, string RegisteredZone, DateTime RegisteredAt, long Inputs, long TotalXp, long Tokens, int LongestStreak, long SegmentRows,
            DateTime? SettleAt, DateOnly Date, long Xp, long QuizXp, int Activities);

        private sealed record Day(DateOnly Date, long Xp, long LearningSeconds, int Activities, int Intensity, bool FreezeCovered);
    }
}
