using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Npgsql;
using Xentree.Tests.Learning;

namespace Xentree.Tests.Live;

/// <summary>Rules L1 to L5, X5 and X8 as a consumer of the API sees them.</summary>
public sealed class LiveApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    private readonly Lives _lives = new(api);

    [Fact]
    public async Task L1_the_quota_is_a_month_s_in_UTC_and_by_plan()
    {
        using var admin = await api.SignInAdminAsync();
        using var user = await api.SignInAsync(now: "2026-03-10T10:00:00Z", timezone: "Asia/Tokyo");

        foreach (var (plan, seconds) in ((string, int)[])[("free", 1_800), ("plus", 18_000), ("pro", 72_000)])
        {
            (await admin.PatchAsync($"/api/admin/users/{user.UserId}", new { plan })).ShouldBe(200);
            var quota = (await user.GetAsync("/api/live/quota")).ShouldBe(200);
            Assert.Equal(
                (plan, "2026-03-01T00:00:00.000Z", "2026-04-01T00:00:00.000Z", seconds, 0, seconds, JsonValueKind.Null),
                (quota["plan"].GetString(), quota["period_start"].GetString(), quota["period_end"].GetString(), quota["quota_seconds"].GetInt32(),
                    quota["used_seconds"].GetInt32(), quota["remaining_seconds"].GetInt32(), quota["active_session_id"].ValueKind));
        }
    }

    [Fact]
    public async Task L1_a_session_across_the_month_s_end_is_charged_to_both_by_seconds_and_nothing_is_carried_over()
    {
        using var user = await api.SignInAsync(now: "2026-03-31T23:59:00Z");
        var session = await StartAsync(user);
        for (var beat = 1; beat <= 8; beat++) await BeatAsync(user, session, $"2026-{(beat < 4 ? $"03-31T23:59:{15 * beat}" : $"04-01T00:0{(beat / 4) - 1}:{15 * (beat % 4):00}")}Z");
        user.Now = "2026-04-01T00:01:10Z";
        var ended = (await EndAsync(user, session)).ShouldBe(200);

        Assert.Equal((130, "2026-04-01T00:01:10.000Z"), (ended["duration_seconds"].GetInt32(), ended["ended_at"].GetString()));
        Assert.Equal((1_800, 70, 1_730), await QuotaAsync(user));
        Assert.Equal(1_730, ended["remaining_seconds"].GetInt32());
        Assert.Equal([(60L, 70L)], await QueryAsync(user, "select first_month_seconds, charged_seconds - first_month_seconds from live_sessions where user_id = $1", r => (r.GetInt64(0), r.GetInt64(1))));
    }

    [Fact]
    public async Task L2_a_start_says_what_is_left_and_when_that_ends_and_needs_a_second()
    {
        using var user = await api.SignInAsync(now: "2026-03-10T10:00:00Z");
        (await user.PutAsync("/api/live/nickname", new { nickname = "Ana" })).ShouldBe(200);
        var started = (await user.PostAsync("/api/live/session/start", new { session_type = "text" })).ShouldBe(201);

        Assert.Equal(
            ("text", "active", "Ana", "2026-03-10T10:00:00.000Z", "2026-03-10T10:00:00.000Z", JsonValueKind.Null, 0, 1_800, 15, "2026-03-10T10:30:00.000Z"),
            (started["session_type"].GetString(), started["status"].GetString(), started["nickname"].GetString(), started["started_at"].GetString(),
                started["last_heartbeat_at"].GetString(), started["ended_at"].ValueKind, started["duration_seconds"].GetInt32(), started["remaining_seconds"].GetInt32(),
                started["heartbeat_interval_seconds"].GetInt32(), started["expires_at"].GetString()));
        Assert.StartsWith("ws://", started["socket_url"].GetString(), StringComparison.Ordinal);
        Assert.Equal(43, started["socket_token"].GetString()!.Length);
        Assert.Equal(started["session_id"].GetGuid(), (await user.GetAsync("/api/live/quota"))["active_session_id"].GetGuid());

        // To the end of the quota.
        var session = started["session_id"].GetGuid();
        for (var second = 45; second < 1_800; second += 45) await BeatAsync(user, session, At("2026-03-10T10:00:00Z", second));
        user.Now = "2026-03-10T10:30:00Z";
        (await user.PostAsync("/api/live/session/heartbeat", new { session_id = session })).ShouldFail(409, "session_ended");
        Assert.Equal((1_800, 1_800, 0), await QuotaAsync(user));
        var refused = (await user.PostAsync("/api/live/session/start", new { session_type = "text" })).ShouldFail(429, "live_quota_exceeded");
        Assert.Equal(Seconds("2026-03-10T10:30:00Z", "2026-04-01T00:00:00Z"), int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture));
        var ended = (await EndAsync(user, session)).ShouldBe(200);
        Assert.Equal(("ended", "2026-03-10T10:30:00.000Z", 1_800, 0), (ended["status"].GetString(), ended["ended_at"].GetString(), ended["duration_seconds"].GetInt32(), ended["remaining_seconds"].GetInt32()));
        user.Now = "2026-04-01T00:00:00Z";
        (await user.PostAsync("/api/live/session/start", new { session_type = "text" })).ShouldBe(201);
    }

    [Fact]
    public async Task L2_near_the_month_s_end_it_expires_with_the_next_month_s_quota()
    {
        using var user = await api.SignInAsync(now: "2026-03-31T23:45:00Z");
        var started = (await user.PostAsync("/api/live/session/start", new { session_type = "voice" })).ShouldBe(201);

        Assert.Equal(("2026-04-01T00:30:00.000Z", 1_800), (started["expires_at"].GetString(), started["remaining_seconds"].GetInt32()));
    }

    [Fact]
    public async Task L2_ten_starts_at_once_on_two_replicas_are_one_session()
    {
        using var user = await api.SignInAsync();
        using var elsewhere = user.On(await api.StartReplicaAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? user : elsewhere).PostAsync("/api/live/session/start", new { session_type = "text" })));

        Assert.Single(answers, answer => (int)answer.Status == 201);
        Assert.Equal(9, answers.Count(answer => (int)answer.Status == 409 && answer.ErrorCode == "session_already_active"));
    }

    [Fact]
    public async Task L3_started_at_10_last_heartbeat_at_10_03_expired_after_10_03_45_charged_180_s()
    {
        using var user = await api.SignInAsync(now: "2026-03-10T10:00:00Z");
        var session = await StartAsync(user);
        for (var second = 15; second <= 180; second += 15) await BeatAsync(user, session, At("2026-03-10T10:00:00Z", second));

        user.Now = "2026-03-10T10:03:45Z";
        Assert.Equal(session, (await user.GetAsync("/api/live/quota"))["active_session_id"].GetGuid());
        user.Now = "2026-03-10T10:03:45.001Z";
        Assert.Equal(JsonValueKind.Null, (await user.GetAsync("/api/live/quota"))["active_session_id"].ValueKind);
        (await user.PostAsync("/api/live/session/heartbeat", new { session_id = session })).ShouldFail(409, "session_ended");

        var ended = (await EndAsync(user, session)).ShouldBe(200);
        Assert.Equal(
            ("expired", "2026-03-10T10:03:00.000Z", 180, 1_620, JsonValueKind.Null, JsonValueKind.Null),
            (ended["status"].GetString(), ended["ended_at"].GetString(), ended["duration_seconds"].GetInt32(), ended["remaining_seconds"].GetInt32(), ended["socket_url"].ValueKind, ended["socket_token"].ValueKind));
        Assert.Equal((1_800, 180, 1_620), await QuotaAsync(user));
        // The next one starts at once.
        await StartAsync(user);
    }

    [Fact]
    public async Task L3_a_heartbeat_at_45_s_is_accepted_and_every_one_gives_another_token()
    {
        using var user = await api.SignInAsync(now: "2026-03-10T10:00:00Z");
        var started = (await user.PostAsync("/api/live/session/start", new { session_type = "text" })).ShouldBe(201);

        var beat = await BeatAsync(user, started["session_id"].GetGuid(), "2026-03-10T10:00:45Z");

        Assert.Equal((45, 1_755, "2026-03-10T10:00:45.000Z"), (beat["duration_seconds"].GetInt32(), beat["remaining_seconds"].GetInt32(), beat["last_heartbeat_at"].GetString()));
        Assert.NotEqual(started["socket_token"].GetString(), beat["socket_token"].GetString());
    }

    [Fact]
    public async Task L3_a_change_of_plan_holds_at_once_and_a_session_keeps_the_end_that_it_had()
    {
        using var admin = await api.SignInAdminAsync();
        using var user = await api.SignInAsync(now: "2026-03-10T10:00:00Z");
        var session = await StartAsync(user);
        await BeatAsync(user, session, "2026-03-10T10:00:45Z");

        await PlanAsync("pro");
        Assert.Equal((72_000, 45, 71_955), await QuotaAsync(user));
        Assert.Equal("2026-03-11T06:00:00.000Z", (await BeatAsync(user, session, "2026-03-10T10:01:00Z"))["expires_at"].GetString());
        for (var second = 105; second <= 1_815; second += 45) await BeatAsync(user, session, At("2026-03-10T10:00:00Z", second));
        // Less than what is used: the session is over, and what is used stays.
        await PlanAsync("free");
        Assert.Equal((1_800, 1_815, 0), await QuotaAsync(user));
        (await user.PostAsync("/api/live/session/heartbeat", new { session_id = session })).ShouldFail(409, "session_ended");

        // Finished by its lease when the plan changes: it stays so.
        using var other = await api.SignInAsync(now: "2026-03-10T10:00:00Z");
        var gone = await StartAsync(other);
        other.Now = "2026-03-10T10:31:00Z";
        await other.GetAsync("/api/live/quota");
        (await admin.PatchAsync($"/api/admin/users/{other.UserId}", new { plan = "pro" })).ShouldBe(200);
        Assert.Equal(("expired", 0), ((await EndAsync(other, gone)).ShouldBe(200)["status"].GetString(), (await QuotaAsync(other)).Used));

        async Task PlanAsync(string plan) => (await admin.PatchAsync($"/api/admin/users/{user.UserId}", new { plan })).ShouldBe(200);
    }

    [Fact]
    public async Task L4_used_seconds_never_pass_the_quota_whatever_is_sent_at_once()
    {
        using var user = await api.SignInAsync(now: "2026-03-10T10:00:00Z");
        using var elsewhere = user.On(await api.StartReplicaAsync());
        var session = await StartAsync(user);
        for (var second = 45; second <= 1_755; second += 45) await BeatAsync(user, session, At("2026-03-10T10:00:00Z", second));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            using var client = (i % 2 == 0 ? user : elsewhere).On((i % 2 == 0 ? user : elsewhere).Address);
            client.Now = At("2026-03-10T10:29:50Z", i);
            await (i % 5 == 0 ? EndAsync(client, session) : client.PostAsync("/api/live/session/heartbeat", new { session_id = session }));
            await client.PostAsync("/api/live/session/start", new { session_type = "text" });
        }));

        user.Now = "2026-03-10T12:00:00Z";
        var (quota, used, left) = await QuotaAsync(user);
        Assert.InRange(used, 1_755, 1_800);
        Assert.Equal(quota - used, left);
    }

    [Fact]
    public async Task L5_ending_twice_or_after_expiry_gives_the_same_answer_and_charges_once()
    {
        using var user = await api.SignInAsync(now: "2026-03-10T10:00:00Z");
        using var elsewhere = user.On(await api.StartReplicaAsync());
        var session = await StartAsync(user);
        user.Now = elsewhere.Now = "2026-03-10T10:00:40.900Z";

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => EndAsync(i % 2 == 0 ? user : elsewhere, session)));
        var answer = Assert.Single(answers.Select(a => a.ShouldBe(200).Text).Distinct());
        Assert.Equal(40, answers[0]["duration_seconds"].GetInt32());

        user.Now = "2026-03-10T10:01:00Z";
        var next = await StartAsync(user);
        await BeatAsync(user, next, "2026-03-10T10:01:30Z");
        user.Now = "2026-03-10T11:00:00Z";
        Assert.Equal(answer, (await EndAsync(user, session)).Text);
        var expired = (await EndAsync(user, next)).ShouldBe(200);
        Assert.Equal(("expired", 30), (expired["status"].GetString(), expired["duration_seconds"].GetInt32()));
        user.Now = "2026-05-10T11:00:00Z";
        Assert.Equal(expired.Text, (await EndAsync(user, next)).Text);
    }

    [Fact]
    public async Task X5_each_minute_gives_5_XP_dated_when_it_completes_and_X8_its_seconds_are_learning_time()
    {
        using var user = await api.SignInAsync(now: "2026-03-10T22:57:30Z", timezone: "Europe/Zagreb");
        var session = await StartAsync(user);
        for (var second = 45; second <= 225; second += 45) await BeatAsync(user, session, At("2026-03-10T22:57:30Z", second));
        user.Now = "2026-03-10T23:01:20Z";
        (await EndAsync(user, session)).ShouldBe(200);

        // 230 s from 23:57:30 local on: minutes at 23:58:30, 23:59:30 and 00:00:30.
        Assert.Equal(
            [($"{session}/1", "2026-03-10"), ($"{session}/2", "2026-03-10"), ($"{session}/3", "2026-03-11")],
            await QueryAsync(user, "select source_id, date::text from xp_ledger where user_id = $1 and source = 'Live' and base = 5 order by at", r => (r.GetString(0), r.GetString(1))));
        var time = (await user.GetAsync("/api/analytics/learning-time?start_date=2026-03-10&end_date=2026-03-11")).ShouldBe(200);
        Assert.Equal((230, 230, 1), (time["total_seconds"].GetInt32(), time["by_source"].GetProperty("live").GetInt32(), time["session_count"].GetInt32()));
        Assert.Equal([150, 80], time["by_day"].EnumerateArray().Select(day => day.GetProperty("seconds").GetInt32()));
        Assert.Equal(2, (await user.GetAsync("/api/xp/streak-status"))["current_streak"].GetInt32());
        Assert.Contains("live", (await user.GetAsync("/api/xp/events")).ShouldBe(200).Each("source"));
        Assert.Empty(await _lives.DifferencesAsync(user.UserId));
    }

    [Fact]
    public async Task X8_a_second_that_live_owns_earns_no_segment_whichever_is_told_first()
    {
        using var user = await api.SignInAsync(now: "2026-03-10T10:00:00Z");
        var path = $"/api/core/conversations/{(await user.PostAsync("/api/core/conversations", new { })).ShouldBe(201)["id"].GetString()}/session";
        var session = await StartAsync(user);
        (await user.PostAsync(path + "/start")).ShouldBe(200);
        for (var second = 30; second <= 600; second += 30)
        {
            await BeatAsync(user, session, At("2026-03-10T10:00:00Z", second));
            (await user.PostAsync(path + "/activity")).ShouldBe(200);
        }

        (await EndAsync(user, session)).ShouldBe(200);
        for (var second = 630; second <= 720; second += 30)
        {
            user.Now = At("2026-03-10T10:00:00Z", second);
            (await user.PostAsync(path + "/activity")).ShouldBe(200);
        }

        // Ten minutes of live, and then two of the conversation.
        Assert.Equal(
            [("Conversations", 2L), ("Live", 10L)],
            await QueryAsync(user, "select source, count(*) from xp_ledger where user_id = $1 group by source order by source", r => (r.GetString(0), r.GetInt64(1))));
        var time = (await user.GetAsync("/api/analytics/learning-time")).ShouldBe(200);
        Assert.Equal((600, 120), (time["by_source"].GetProperty("live").GetInt32(), time["by_source"].GetProperty("conversations").GetInt32()));
        Assert.Empty(await _lives.DifferencesAsync(user.UserId));
    }

    [Fact]
    public async Task Q1_a_live_quest_is_drawn_only_while_live_quota_is_left_for_it()
    {
        var (left, none) = (new List<string?>(), new List<string?>());
        for (var i = 0; i < 12; i++)
        {
            using var pupil = await Pupil.RegisterAsync(api);
            left.AddRange(await DrawnAsync(pupil));
            using var without = await (await Pupil.RegisterAsync(api)).WithoutLiveAsync();
            none.AddRange(await DrawnAsync(without));
        }

        Assert.Contains("live", left);
        Assert.DoesNotContain("live", none);

        static async Task<IEnumerable<string?>> DrawnAsync(Pupil pupil) =>
            (await pupil.At("2026-03-10T10:00").User.GetAsync("/api/xp/quests")).ShouldBe(200)["quests"].EnumerateArray().Select(quest => quest.GetProperty("category").GetString());
    }

    [Fact]
    public async Task O2_a_key_reaches_the_sessions_of_its_organization_only_and_its_principal_s_whole_quota()
    {
        using var user = await api.SignInAsync();
        var (here, there) = (await KeyAsync(), await KeyAsync());
        var own = await StartAsync(user);
        using var keyHere = user.WithKey(here);
        using var keyThere = user.WithKey(there);
        Assert.Equal(JsonValueKind.Null, (await keyHere.GetAsync("/api/live/quota")).ShouldBe(200)["active_session_id"].ValueKind);
        (await keyHere.PostAsync("/api/live/session/end", new { session_id = own })).ShouldFail(404, "not_found");
        (await keyHere.PostAsync("/api/live/session/start", new { session_type = "text" })).ShouldFail(409, "session_already_active");
        (await EndAsync(user, own)).ShouldBe(200);

        var session = (await keyHere.PostAsync("/api/live/session/start", new { session_type = "text" })).ShouldBe(201)["session_id"].GetGuid();

        (await keyThere.PostAsync("/api/live/session/heartbeat", new { session_id = session })).ShouldFail(404, "not_found");
        (await keyThere.PostAsync("/api/live/session/end", new { session_id = session })).ShouldFail(404, "not_found");
        Assert.Equal(session, (await keyHere.GetAsync("/api/live/quota"))["active_session_id"].GetGuid());
        (await user.PostAsync("/api/live/session/heartbeat", new { session_id = session })).ShouldBe(200);
        using var stranger = await api.SignInAsync();
        (await stranger.PostAsync("/api/live/session/end", new { session_id = session })).ShouldFail(404, "not_found");

        async Task<string> KeyAsync()
        {
            var organization = (await user.PostAsync("/api/organizations", new { name = "O", slug = ApiServer.UniqueName("o-") })).ShouldBe(201)["id"].GetGuid();
            return (await user.PostAsync("/api/api-keys", new { name = "k", organization_id = organization, scopes = (string[])["live:read", "live:write"] })).ShouldBe(201)["key"].GetString()!;
        }
    }

    [Theory]
    [InlineData("{}", "session_type")]
    [InlineData("""{"session_type":"dance"}""", "session_type")]
    [InlineData("""{"session_type":"text","language":"?"}""", "language")]
    public async Task What_cannot_be_started_is_refused_by_name(string body, string field)
    {
        using var user = await api.SignInAsync();

        var refused = (await user.PostRawAsync("/api/live/session/start", body)).ShouldFail(400, "validation_failed");

        Assert.True(refused["detail"].GetProperty("errors").TryGetProperty(field, out _), refused.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_nickname_has_1_to_40_characters(string nickname)
    {
        using var user = await api.SignInAsync();
        (await user.PutAsync("/api/live/nickname", new { nickname })).ShouldFail(400, "validation_failed");

        Assert.Equal("Iva", (await user.PutAsync("/api/live/nickname", new { nickname = "Iva" })).ShouldBe(200)["nickname"].GetString());
        Assert.Equal("Iva", (await user.GetAsync("/api/auth/me"))["nickname"].GetString());
    }

    private static async Task<Guid> StartAsync(ApiClient user) => (await user.PostAsync("/api/live/session/start", new { session_type = "text" })).ShouldBe(201)["session_id"].GetGuid();

    private static async Task<Answer> BeatAsync(ApiClient user, Guid session, string now)
    {
        user.Now = now;
        return (await user.PostAsync("/api/live/session/heartbeat", new { session_id = session })).ShouldBe(200);
    }

    private static Task<Answer> EndAsync(ApiClient user, Guid session) => user.PostAsync("/api/live/session/end", new { session_id = session });

    private static async Task<(int Quota, int Used, int Left)> QuotaAsync(ApiClient user)
    {
        var quota = (await user.GetAsync("/api/live/quota")).ShouldBe(200);
        return (quota["quota_seconds"].GetInt32(), quota["used_seconds"].GetInt32(), quota["remaining_seconds"].GetInt32());
    }

    private async Task<List<T>> QueryAsync<T>(ApiClient user, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var connection = new NpgsqlConnection(api.Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = user.UserId } } };
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) rows.Add(read(reader));
        return rows;
    }

    private static string At(string from, int seconds) => InstantPattern.General.Format(InstantPattern.General.Parse(from).Value + Duration.FromSeconds(seconds));

    private static int Seconds(string from, string to) => (int)(InstantPattern.General.Parse(to).Value - InstantPattern.General.Parse(from).Value).TotalSeconds;
}
