using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xentree.Data;
using Xentree.Data.Learning;
using Xentree.Domain.LearningTime;

namespace Xentree.Tests.Learning;

/// <summary>The one write path, against a real database: what the laws ask of it beside the rules themselves.</summary>
public sealed class LearningWritesTests(ApiServer api) : IClassFixture<ApiServer>
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 2, 12, 0);

    [Fact]
    public async Task Ten_minutes_of_signals_give_ten_segments_and_a_streak_of_one()
    {
        using var user = await api.SignInAsync(now: "2026-03-02T12:00:00Z");
        var conversation = Guid.CreateVersion7(api.Clock.GetUtcNow());

        for (var minute = 0; minute <= 10; minute++) await SignalAsync(user, conversation, minute == 0 ? SignalKind.Start : SignalKind.Activity, Noon + Duration.FromMinutes(minute));

        user.Now = "2026-03-02T12:10:00Z";
        var profile = (await user.GetAsync("/api/xp/profile")).ShouldBe(200);
        // A quest may have been completed on the way: its booster multiplies what comes after it, so only the base is known beforehand.
        var total = await HeldAsync(user, baseXp: 50);
        Assert.Equal(total, profile["total_xp"].GetInt64());
        Assert.Equal(total, profile["today_xp"].GetProperty("segments").GetInt64());
        Assert.Equal(1, profile["current_streak"].GetInt32());
        var pulse = (await user.GetAsync("/api/xp/learning-pulse")).ShouldBe(200);
        Assert.Equal(365, pulse["days"].GetArrayLength());
        Assert.Equal(600, pulse["days"][364].GetProperty("learning_seconds").GetInt64());
        Assert.Equal(4, pulse["days"][364].GetProperty("intensity").GetInt32());
        var week = (await user.GetAsync("/api/xp/weekly-activity")).ShouldBe(200);
        Assert.Equal(("2026-03-01", "monday", total), (week["week_start"].GetString()!, week["days"][1].GetProperty("weekday").GetString()!, week["days"][1].GetProperty("xp").GetInt64()));
        var time = (await user.GetAsync("/api/analytics/learning-time")).ShouldBe(200);
        Assert.Equal((600, 1, 600, 30), (time["total_seconds"].GetInt32(), time["session_count"].GetInt32(), time["average_session_seconds"].GetInt32(), time["by_day"].GetArrayLength()));
        Assert.Equal(3, (await user.GetAsync("/api/xp/quests")).ShouldBe(200)["quests"].GetArrayLength());
        Assert.Equal(total, (await user.GetAsync($"/api/xp/public-profile/{user.Username}"))["profile"].GetProperty("total_xp").GetInt64());
    }

    [Fact]
    public async Task X9_concurrent_signals_of_many_conversations_give_what_the_same_give_in_a_row()
    {
        using var user = await api.SignInAsync(now: "2026-03-02T12:00:00Z");
        var conversations = Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7(api.Clock.GetUtcNow())).ToList();

        await Task.WhenAll(conversations.Select(async (conversation, i) =>
        {
            for (var minute = 0; minute < 10; minute++) await SignalAsync(user, conversation, SignalKind.ChatTurn, Noon + Duration.FromSeconds((minute * 60) + (i * 7)));
        }));

        user.Now = "2026-03-02T13:00:00Z";
        var profile = (await user.GetAsync("/api/xp/profile")).ShouldBe(200);
        // The union runs from 12:00:00 to the last turn at 12:09:49: nine full minutes, however the turns came in.
        Assert.Equal(await HeldAsync(user, baseXp: 45), profile["total_xp"].GetInt64());
        var time = (await user.GetAsync("/api/analytics/learning-time")).ShouldBe(200);
        Assert.Equal(589, time["total_seconds"].GetInt32());
        Assert.Equal(8, time["session_count"].GetInt32());
    }

    [Fact]
    public async Task Who_writes_fifty_times_at_once_keeps_nobody_else_waiting()
    {
        var few = await api.StartReplicaAsync(new() { ["ConnectionStrings:xentree"] = api.Database + ";Maximum Pool Size=5;Timeout=2" });
        using var user = await api.SignInAsync();
        using var busy = user.On(few);
        using var another = await api.SignInAsync();
        using var patient = another.On(few);
        var conversation = (await user.PostAsync("/api/core/conversations", new { title = "Busy" })).ShouldBe(201)["id"].GetGuid();

        List<Task<Answer>> writes;
        await using (var held = await HeldRows.TakeAsync(api, "select 1 from learners where user_id = @id for update", user.UserId))
        {
            writes = [.. Enumerable.Range(0, 50).Select(_ => busy.PostAsync($"/api/core/conversations/{conversation}/session/start", new { }))];
            await held.WaitForWaitersAsync(1);

            for (var i = 0; i < 20; i++) (await patient.GetAsync("/api/xp/profile")).ShouldBe(200);
        }

        Assert.All(await Task.WhenAll(writes), answer => answer.ShouldBe(200));
    }

    /// <summary>Holds the ledger against its base, and gives the sum of it.</summary>
    private async Task<long> HeldAsync(ApiClient user, long baseXp)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<XentreeDbContext>().XpLedger
            .Where(row => row.UserId == user.UserId).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(baseXp, rows.Sum(row => row.Base));
        Assert.All(rows, row => Assert.Equal((long)decimal.Floor(row.Base * row.Multiplier), row.Amount));
        return rows.Sum(row => row.Amount);
    }

    private async Task SignalAsync(ApiClient user, Guid conversation, SignalKind kind, Instant at)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var outcome = await scope.ServiceProvider.GetRequiredService<LearningWrites>()
            .RecordSignalAsync(user.UserId, conversation, kind, at, Instant.Max(at, Noon), TestContext.Current.CancellationToken);
        Assert.IsType<SignalOutcome.Recorded>(outcome);
    }
}
