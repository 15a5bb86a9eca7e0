using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xentree.Data;

namespace Xentree.Tests.Streaks;

/// <summary>Rule S6 with real worker processes: killed in the middle, run again, run by two at once.</summary>
public sealed class RollOverStreaksTests(EmbeddedServers servers)
{
    private const int Learners = 1_000;
    private const string Midnight = "2026-03-08T00:10:00Z";

    [Fact]
    public async Task S6_a_worker_killed_in_the_middle_and_run_again_leaves_what_a_clean_run_leaves()
    {
        await using var template = await servers.CreateDatabaseAsync(cancellationToken: TestContext.Current.CancellationToken);
        await MigrateAsync(template.ConnectionString);
        await FillAsync(template.ConnectionString);
        await using (var connection = new NpgsqlConnection(template.ConnectionString)) NpgsqlConnection.ClearPool(connection);
        await using var clean = await servers.CreateDatabaseAsync(template.Name, TestContext.Current.CancellationToken);
        await using var killed = await servers.CreateDatabaseAsync(template.Name, TestContext.Current.CancellationToken);

        Assert.Equal($"roll-over-streaks dealt with {Learners}.", await RunAsync(clean));
        using (var worker = Start(killed))
        {
            // In the middle: some are settled and some are not.
            while (await DueAsync(killed) == Learners) Assert.False(worker.HasExited);
            worker.Kill();
            await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(137, worker.ExitCode);
        }

        Assert.InRange(await DueAsync(killed), 1, Learners - 1);
        var answers = await Task.WhenAll(RunAsync(killed), RunAsync(killed));

        Assert.All(answers, answer => Assert.StartsWith("roll-over-streaks dealt with", answer, StringComparison.Ordinal));
        Assert.Equal(0, await DueAsync(killed));
        Assert.Equal(await StateAsync(clean), await StateAsync(killed));
        Assert.Equal("roll-over-streaks dealt with 0.", await RunAsync(killed));
        Assert.Equal($"{Learners} learners, 0 differed.", await RunAsync(killed, "rebuild"));
        Assert.Equal("verify-aggregates dealt with 0.", await RunAsync(killed, "run", "verify-aggregates"));
    }

    // Learners with a streak of five to the 6th of March; of those with an even number a saver was bought and covers the 7th, the others' breaks.
    private static Task FillAsync(string database) => ExecuteAsync(database,
        $"""
        create temporary table people as select n, ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid id from generate_series(1, {Learners}) n;
        insert into users (id, username, username_key, email, email_key, password_hash, timezone, language, profile_visibility, plan, role, created_at, updated_at)
          select id, 'u' || n, 'u' || n, 'u' || n || '@example.org', 'u' || n || '@example.org', '', 'UTC', 'en', 'Public', 'Free', 'User', '2026-03-01Z', '2026-03-01Z' from people;
        insert into learners (user_id, registered_at, registered_zone, inputs, total_xp, tokens, longest_streak, segment_rows, settle_at)
          select id, '2026-03-01Z', 'UTC', 10 + (n + 1) % 2, 25, 0, 5, 5, '2026-03-08Z' from people;
        insert into session_signals (id, user_id, conversation_id, kind, occurred_at, received_at, date, is_belated, is_answer, "order")
          select gen_random_uuid(), id, id, 'Start', at, at, '2026-03-01'::date + d, false, false, d * 2 - 1 + s
          from people, generate_series(1, 5) d, generate_series(0, 1) s, lateral (select '2026-03-01T12:00Z'::timestamptz + d * interval '1 day' + s * interval '1 minute' as at) t;
        insert into saver_purchases (id, user_id, at, "order") select id, id, '2026-03-06T20:00Z', 11 from people where n % 2 = 0;
        insert into xp_ledger (id, user_id, source, source_id, base, multiplier, amount, at, date, received_at, makes_active, "order")
          select gen_random_uuid(), id, 'Conversations', ('2026-03-01'::date + d) || '/1', 5, 1, 5, at, '2026-03-01'::date + d, at, true, d * 2
          from people, generate_series(1, 5) d, lateral (select '2026-03-01T12:01Z'::timestamptz + d * interval '1 day' as at) t;
        insert into learning_days (user_id, date, xp, quiz_xp, segments, activities, turns, xel_tasks, sessions, conversation_ticks, xel_ticks, live_ticks, active_at, active_order)
          select user_id, date, 5, 0, 1, 1, 0, 0, 1, 600000000, 0, 0, at, "order" from xp_ledger;
        insert into daily_quests (id, user_id, date, quest_id, catalogue_version, category, ordinal, title, description, target, progress, reward_multiplier, reward_duration, is_closed)
          select gen_random_uuid(), id, '2026-03-07', 'first-five', 1, 'Xp', 0, 't', 'd', 300, 0, 1.25, 20, false from people;
        """);

    private static async Task<long> DueAsync(TestDatabase database) => (long)(await ScalarAsync(database, $"select count(*) from learners where settle_at <= '{Midnight}'"))!;

    private static async Task<string> StateAsync(TestDatabase database) => string.Join('\n',
        await ScalarAsync(database, "select string_agg(l::text, e'\\n' order by user_id) from learners l"),
        await ScalarAsync(database, "select string_agg(concat_ws(' ', user_id, date, progress, is_closed), e'\\n' order by user_id) from daily_quests"),
        await ScalarAsync(database, "select string_agg(concat_ws(' ', user_id, type, payload, occurred_at), e'\\n' order by user_id, type, payload) from domain_events"),
        await ScalarAsync(database, "select string_agg(d::text, e'\\n' order by user_id, date) from learning_days d"));

    private static async Task<string> RunAsync(TestDatabase database, params string[] arguments)
    {
        using var worker = Start(database, arguments);
        var output = worker.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = worker.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(worker.ExitCode == 0, $"{await output}\n{await errors}");
        return (await output).TrimEnd().Split('\n')[^1];
    }

    private static Process Start(TestDatabase database, params string[] arguments)
    {
        string[] all = arguments.Length == 0 ? ["run", "roll-over-streaks", "--at", Midnight] : arguments;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Xentree.Worker.dll"), .. all])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["ConnectionStrings__xentree"] = database.ConnectionString;
        start.Environment["Encryption__Key"] = "a key-encryption key for tests only, which is long enough";
        start.Environment["Logging__LogLevel__Default"] = "Error";
        return Process.Start(start)!;
    }

    private static async Task MigrateAsync(string connectionString)
    {
        var options = new DbContextOptionsBuilder<XentreeDbContext>();
        DataServices.Configure(options, $"{connectionString};Pooling=false");
        await using var context = new XentreeDbContext(options.Options);
        await context.Database.MigrateAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<object?> ScalarAsync(TestDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
