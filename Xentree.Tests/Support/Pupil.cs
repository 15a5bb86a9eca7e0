using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace Xentree.Tests;

/// <summary>A sandbox user who learns, told in local times: a consumer of the API whose clock goes where a test says.</summary>
public sealed class Pupil : IDisposable
{
    private readonly ApiServer _api;
    private string _zone;
    private Guid? _conversation;

    private Pupil(ApiServer api, ApiClient user, string zone) => (_api, User, _zone) = (api, user, zone);

    public ApiClient User { get; }

    /// <summary>Registers one, at a local time.</summary>
    public static async Task<Pupil> RegisterAsync(ApiServer api, string local = "2026-02-28T08:00", string zone = "UTC") =>
        new(api, await api.SignInAsync(now: Utc(local, zone), timezone: zone), zone);

    /// <summary>Goes to a local time.</summary>
    public Pupil At(string local)
    {
        User.Now = Utc(local, _zone);
        return this;
    }

    /// <summary>Learns one minute at noon, on each of some days of March 2026.</summary>
    public async Task<Pupil> LearnOnAsync(params int[] days)
    {
        foreach (var day in days) await LearnAsync(string.Create(CultureInfo.InvariantCulture, $"2026-03-{day:00}T12:00"));
        return this;
    }

    /// <summary>Learns one minute, up to a minute after a local time.</summary>
    public async Task LearnAsync(string local, int minutes = 1)
    {
        var start = Parse(local).InZoneStrictly(Zone).ToInstant();
        var conversation = await ConversationAsync();
        for (var minute = 0; minute <= minutes; minute++)
        {
            User.Now = InstantPattern.General.Format(start + Duration.FromMinutes(minute));
            (await SignalAsync(minute == 0 ? "start" : "activity", conversation)).ShouldBe(200);
        }
    }

    /// <summary>Tells of a minute that began at a local time, now.</summary>
    public async Task TellAsync(string local)
    {
        var start = Parse(local).InZoneStrictly(Zone).ToInstant();
        (await TellAsync("start", start)).ShouldBe(200);
        (await TellAsync("activity", start + Duration.FromMinutes(1))).ShouldBe(200);
    }

    /// <summary>Tells of a signal that happened at an instant, now.</summary>
    public async Task<Answer> TellAsync(string signal, Instant occurredAt) =>
        await SignalAsync(signal, await ConversationAsync(), InstantPattern.ExtendedIso.Format(occurredAt));

    /// <summary>Sends a signal of a conversation.</summary>
    public Task<Answer> SignalAsync(string signal, Guid conversation, string? occurredAt = null) =>
        User.PostAsync($"/api/core/conversations/{conversation}/session/{signal}", occurredAt is null ? null : new { occurred_at = occurredAt });

    /// <summary>Creates a conversation.</summary>
    public async Task<Guid> ConverseAsync() => (await User.PostAsync("/api/core/conversations", new { })).ShouldBe(201)["id"].GetGuid();

    /// <summary>Flies to another zone, now.</summary>
    public async Task FlyAsync(string zone)
    {
        (await User.PatchAsync("/api/auth/me", new { timezone = zone })).ShouldBe(200);
        _zone = zone;
    }

    /// <summary>Buys a saver with tokens that fall from the sky.</summary>
    public async Task BuySaverAsync()
    {
        await GiveTokensAsync(50);
        (await User.PostAsync("/api/xp/streak-savers")).ShouldBe(201);
    }

    /// <summary>Puts tokens into ledger and balance, as an award does.</summary>
    public async Task GiveTokensAsync(long tokens)
    {
        await using var connection = new NpgsqlConnection(_api.Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            """
            with given as (insert into token_ledger (id, user_id, reason, source_id, amount, at) values ($1, $2, 'Quest', $1::text, $3, now()) returning amount)
            update learners set tokens = tokens + (select amount from given) where user_id = $2
            """,
            connection)
        { Parameters = { new() { Value = Guid.CreateVersion7(_api.Clock.GetUtcNow()) }, new() { Value = User.UserId }, new() { Value = tokens } } };
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Uses up the live quota of March 2026, as a finished session does: then no quest asks for live.</summary>
    public async Task<Pupil> WithoutLiveAsync()
    {
        await using var connection = new NpgsqlConnection(_api.Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            """
            insert into live_sessions (id, user_id, type, started_at, date, used_before, heartbeat_at, status, finished_at, finish_expires_at, quota_seconds,
                                       charged_seconds, first_month_seconds, recorded_seconds, "order")
            values ($1, $2, 'Text', '2026-03-01Z', '2026-03-01', 0, '2026-03-01Z', 'Ended', '2026-03-01T00:30Z', '2026-03-01T00:30Z', 1800, 1800, 1800, 0, 0)
            """,
            connection)
        { Parameters = { new() { Value = Guid.CreateVersion7(_api.Clock.GetUtcNow()) }, new() { Value = User.UserId } } };
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return this;
    }

    /// <summary>The streak now.</summary>
    public async Task<StreakSeen> StreakAsync()
    {
        var answer = (await User.GetAsync("/api/xp/streak-status")).ShouldBe(200);
        return new StreakSeen(
            answer["current_streak"].GetInt32(), answer["longest_streak"].GetInt32(), answer["day_only_streak"].GetInt32(), answer["freezes_available"].GetInt32(),
            answer["freezes_used"].GetInt32(), answer["streak_at_risk"].GetBoolean(), answer["last_activity"].GetString(), answer["resets_at"].GetString()!);
    }

    /// <summary>Holds the current streak and the savers held.</summary>
    public async Task HoldsAsync(int current, int savers)
    {
        var streak = await StreakAsync();
        Assert.Equal((current, savers), (streak.Current, streak.Savers));
    }

    /// <summary>Why days are what they are, as <c>day reason</c> in order.</summary>
    public async Task<string> ReasonsAsync(params string[] dates)
    {
        var days = (await User.GetAsync("/api/xp/streak-status?explain=true")).ShouldBe(200)["explanation"].GetProperty("days").EnumerateArray()
            .ToDictionary(day => day.GetProperty("date").GetString()!, day => day.GetProperty("reason").ToString());
        return string.Join(", ", dates.Select(date => days[date]));
    }

    /// <summary>The pulse's entry of a date; by default today's.</summary>
    public async Task<JsonElement> DayAsync(string? date = null)
    {
        var pulse = (await User.GetAsync("/api/xp/learning-pulse")).ShouldBe(200);
        return pulse["days"].EnumerateArray().Single(day => day.GetProperty("date").GetString() == (date ?? pulse["end_date"].GetString()));
    }

    /// <summary>The XP before boosters of a date, from the ledger.</summary>
    public async Task<long> BaseXpAsync(string? date = null)
    {
        await using var connection = new NpgsqlConnection(_api.Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("select coalesce(sum(base), 0)::bigint from xp_ledger where user_id = $1 and ($2 is null or date = $2::date)", connection)
        {
            Parameters = { new() { Value = User.UserId }, new NpgsqlParameter<string?> { TypedValue = date } },
        };
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public void Dispose() => User.Dispose();

    private DateTimeZone Zone => DateTimeZoneProviders.Tzdb[_zone];

    private async Task<Guid> ConversationAsync() => _conversation ??= await ConverseAsync();

    private static string Utc(string local, string zone) =>
        InstantPattern.ExtendedIso.Format(Parse(local).InZoneStrictly(DateTimeZoneProviders.Tzdb[zone]).ToInstant());

    private static LocalDateTime Parse(string local) =>
        LocalDateTimePattern.CreateWithInvariantCulture(local.Length == 16 ? "uuuu-MM-dd'T'HH:mm" : "uuuu-MM-dd'T'HH:mm:ss.FFF").Parse(local).Value;
}

/// <summary>What a consumer sees of a streak.</summary>
public sealed record StreakSeen(int Current, int Longest, int DayOnly, int Savers, int Used, bool AtRisk, string? LastActivity, string ResetsAt);
