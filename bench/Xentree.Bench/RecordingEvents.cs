using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;
using Xentree.Api.Auth;
using Xentree.Bench.Data;
using Xentree.Bench.Hosts;
using Xentree.Bench.Load;
using Xentree.Bench.Report;
using Xentree.Data.Learning;
using Xentree.Domain.LearningTime;

namespace Xentree.Bench;

/// <summary>
/// Signals of learning sessions of many learners. Each is a minute after the one before it of its learner, so that each gives a minute
/// of learning time, and every fifth or so pays XP, moves quests and makes a day active.
/// </summary>
internal sealed class RecordingEvents : IBenchmark
{
    private const int Users = 2_000;
    private const string BarePath = "/bench/record";

    private static readonly Duration Ago = Duration.FromHours(20);

    private int _next;

    public string Name => "recording";

    public string Title => "Recording an event";

    public async Task RunAsync(BenchDatabase database, bool isQuick, BenchReport report, CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        var start = Instant.FromDateTimeOffset(now) - Ago;
        await database.AddLearnersAsync(0, Users, now.AddDays(-2), cancellation);
        await database.SignInAsync(0, Users, now, cancellation);
        await BareTransaction.CreateAsync(database, cancellation);
        await using var api = await ApiReplica.StartAsync(database, (app, pool) => BareTransaction.Map(app, pool).RequireScope("conversations:write"), cancellation);
        await using var bare = await BareHost.StartAsync(app => BareTransaction.Map(app, api.Pool), cancellation);

        var tokens = new string[Users];
        for (var user = 0; user < Users; user++) tokens[user] = await api.TokenAsync(Learners.UserId(user), Learners.SessionId(user), cancellation);

        await Parallel.ForAsync(0, Users, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation }, async (user, _) => await SignalAsync(user, SignalKind.Start, start));
        _next = Users;

        using var client = new HttpCalls(api.Address);
        using var bareClient = new HttpCalls(bare.Address);
        var plan = isQuick
            ? new Plan(8, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5), 3)
            : new Plan(8, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3), 5);
        var rounds = await Rounds.RunAsync(
            plan,
            [
                ("transaction", _ => BareTransaction.RunAsync(api.Pool, Learners.UserId(Next().User), cancellation)),
                ("path", _ =>
                {
                    var (user, at) = Next();
                    return SignalAsync(user, SignalKind.Activity, at);
                }),
                ("bare", _ => bareClient.PostAsync($"{BarePath}/{Learners.UserId(Next().User)}", "{}", null, cancellation)),
                ("behind", _ =>
                {
                    var (user, _) = Next();
                    return client.PostAsync($"{BarePath}/{Learners.UserId(user)}", "{}", tokens[user], cancellation);
                }),
                ("ours", _ =>
                {
                    var (user, at) = Next();
                    return client.PostAsync($"/api/core/conversations/{Learners.ConversationId(user)}/session/activity", $$"""{"occurred_at":"{{at}}"}""", tokens[user], cancellation);
                }),
            ],
            cancellation);

        Spread Rate(string name) => rounds.Of(name, sample => sample.Rate);
        Spread P95(string name) => rounds.Of(name, sample => sample.Percentile(95));
        var path = rounds.Ratio("path", "transaction", sample => sample.Rate);
        var http = rounds.Ratio("ours", "behind", sample => sample.Rate);
        var toBare = rounds.Ratio("ours", "bare", sample => sample.Rate);
        report.Target("the write path, of the rate of a bare transaction that inserts a row and updates a row", "≥ 0.5", path.Text("0.00"), path.Median >= 0.5);
        report.Target("over HTTP, of the rate of such a transaction behind the same authentication and limiter", "≥ 0.5", http.Text("0.00"), http.Median >= 0.5);
        report.Target("events a second over HTTP", "≥ 400", Rate("ours").Text("N0"), Rate("ours").Median >= 400);
        report.Target("p95 over HTTP at that rate, in ms", "< 25", P95("ours").Text("0.0"), P95("ours").Median < 25);

        report.Say($"{plan.Workers} at once, {Users:N0} learners in turns, fsync on, {plan.Rounds} rounds of {plan.Duration.TotalSeconds:0.0} s each:");
        report.Table(
            ["", "A second", "p50, ms", "p95, ms", "Of its baseline"],
            [
                Row("Bare transaction: insert, update, commit", "transaction", null),
                Row("Write path of an event", "path", path),
                Row("Bare transaction over HTTP, bare Kestrel", "bare", null),
                Row("Bare transaction over HTTP, authentication and limiter", "behind", null),
                Row("Event over HTTP", "ours", http),
            ]);
        report.Say($"The event over HTTP reaches {toBare.Text("0.00")} of the rate of the bare transaction on bare Kestrel.");

        string[] Row(string what, string name, Spread? ratio) =>
            [what, Rate(name).Text("N0"), rounds.Of(name, sample => sample.Percentile(50)).Text("0.0"), P95(name).Text("0.0"), ratio?.Text("0.00") ?? ""];

        async Task SignalAsync(int user, SignalKind kind, Instant at)
        {
            await using var scope = api.Services.CreateAsyncScope();
            var outcome = await scope.ServiceProvider.GetRequiredService<LearningWrites>().RecordSignalAsync(
                Learners.UserId(user), Learners.ConversationId(user), kind, at, Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()), cancellation);
            if (outcome is not SignalOutcome.Recorded) throw new InvalidOperationException($"The signal was not recorded: {outcome}");
        }

        (int User, Instant At) Next()
        {
            var number = Interlocked.Increment(ref _next) - 1;
            return (number % Users, start + Duration.FromMinutes(number / Users));
        }
    }

    /// <summary>The baseline: the least that a recorded event can be.</summary>
    private static class BareTransaction
    {
        public static Task CreateAsync(BenchDatabase database, CancellationToken cancellation) => database.ExecuteAsync(
            """
            create table bench_events (id uuid primary key, user_id uuid not null, kind text not null, at timestamptz not null);
            create table bench_totals (user_id uuid primary key, total bigint not null);
            insert into bench_totals select id, 0 from users;
            """, cancellation);

        public static RouteHandlerBuilder Map(WebApplication app, NpgsqlDataSource pool) => app.MapPost(BarePath + "/{user:guid}", async (Guid user, CancellationToken cancellation) =>
        {
            await RunAsync(pool, user, cancellation);
            return TypedResults.Ok();
        });

        public static async Task RunAsync(NpgsqlDataSource pool, Guid user, CancellationToken cancellation)
        {
            var now = TimeProvider.System.GetUtcNow();
            await using var connection = await pool.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using var insert = new NpgsqlCommand("insert into bench_events (id, user_id, kind, at) values ($1, $2, $3, $4)", connection, transaction)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(now) },
                    new NpgsqlParameter<Guid> { TypedValue = user },
                    new NpgsqlParameter<string> { TypedValue = "Activity" },
                    new NpgsqlParameter<DateTimeOffset> { TypedValue = now },
                },
            };
            await insert.PrepareAsync(cancellation);
            await insert.ExecuteNonQueryAsync(cancellation);
            await using var update = new NpgsqlCommand("update bench_totals set total = total + 1 where user_id = $1", connection, transaction)
            {
                Parameters = { new NpgsqlParameter<Guid> { TypedValue = user } },
            };
            await update.PrepareAsync(cancellation);
            await update.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
    }
}
