using System.Security.Cryptography;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xentree.Data;
using Xentree.Data.Live;
using Xentree.Domain.Live;
using Xentree.Tests.Learning;
using Xentree.Worker;
using Act = Xentree.Tests.Live.LiveHistoryTests.Act;

namespace Xentree.Tests.Live;

/// <summary>
/// Rules L1 to L5 over generated histories on the stored path: acts by two replicas in turn, reads and the expiry job in between, held
/// against the model that lets the clock tick second by second.
/// </summary>
public sealed class StoredLiveHistoryTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const int Free = 1_800;

    private readonly Lives _lives = new(api);

    [Fact]
    public async Task L4_each_answer_on_any_replica_is_what_the_ticking_clock_gives()
    {
        await api.StartReplicaAsync();
        var seed = Environment.TickCount & 0xFFFFF;
        for (var one = 0; one < 12; one++)
        {
            var random = new Random(seed + one);
            var acts = Generate(seed + one);
            var quota = random.Next(1, 700);
            var userId = await _lives.RegisterAsync("UTC");
            await UseUpAsync(userId, Free - quota);
            var (naive, second, session) = (new LiveHistoryTests.Ticking(quota), 0, default(Guid?));
            foreach (var (gap, act) in acts)
            {
                second += gap;
                naive.TickTo(second);
                var now = LiveHistoryTests.Begin + Duration.FromSeconds(second);
                var expected = naive.Do(act);
                var services = api.Replicas[random.Next(2)].Services;
                if (act == Act.Settle || random.Next(4) == 0) await RunJobAsync(services, now);
                if (act != Act.Settle)
                {
                    var done = await DoAsync(services, act);
                    Assert.True(expected == done, $"seed {seed + one}, second {second}: {act} gave {done}");
                }

                await using var scope = services.CreateAsyncScope();
                var context = scope.ServiceProvider.GetRequiredService<XentreeDbContext>();
                var month = LiveQuota.MonthOf(now);
                var use = await context.FindLiveUseAsync(userId, month, TestContext.Current.CancellationToken);
                var used = use!.At(now, LiveRules.Default).Quota.UsedSeconds - (Free - quota);
                Assert.Equal((seed + one, naive.Sessions.Sum(s => s.ChargedIn(month.Month == 4))), (seed + one, used));
                Assert.InRange(await context.LiveSessions.CountAsync(s => s.UserId == userId && s.FinishedAt == null, TestContext.Current.CancellationToken), 0, 1);

                async Task<bool> DoAsync(IServiceProvider replica, Act what)
                {
                    await using var acting = replica.CreateAsyncScope();
                    var live = acting.ServiceProvider.GetRequiredService<LiveSessions>();
                    var (owner, cancellation) = (new Owner(userId, null), TestContext.Current.CancellationToken);
                    if (what == Act.Start)
                    {
                        if (await live.StartAsync(owner, LiveSessionType.Text, null, new LiveTicket(RandomNumberGenerator.GetBytes(32)), now, cancellation) is not LiveOutcome.Stands(var started, _)) return false;
                        session = started.Id;
                        return true;
                    }

                    if (session is not { } id) return false;
                    var outcome = (LiveOutcome.Stands)(what == Act.End
                        ? await live.EndAsync(owner, id, now, cancellation)
                        : await live.HeartbeatAsync(owner, id, new LiveTicket(RandomNumberGenerator.GetBytes(32)), now, cancellation));
                    return !outcome.WasFinished && (what == Act.End
                        ? outcome.Session is { Status: LiveStatus.Ended } ended && ended.FinishedAt == now && ended.FinishedAt < ended.FinishExpiresAt
                        : outcome.Session.Status == LiveStatus.Active);
                }
            }

            Assert.Empty(await _lives.DifferencesAsync(userId));
        }
    }

    [Fact]
    public async Task L3_the_expiry_job_twice_at_once_finishes_each_session_once_and_a_late_one_changes_nothing()
    {
        await api.StartReplicaAsync();
        var start = Instant.FromUtc(2026, 5, 10, 10, 0);
        var users = new List<Guid>();
        for (var i = 0; i < 20; i++)
        {
            users.Add(await _lives.RegisterAsync("UTC"));
            await ActAsync(users[i], live => live.StartAsync(new Owner(users[i], null), LiveSessionType.Text, null, new LiveTicket(RandomNumberGenerator.GetBytes(32)), start, TestContext.Current.CancellationToken));
            var session = await _lives.QueryAsync(context => context.LiveSessions.Where(s => s.UserId == users[i]).Select(s => s.Id).SingleAsync(TestContext.Current.CancellationToken));
            for (var second = 45; second <= 180; second += 45)
                await ActAsync(users[i], live => live.HeartbeatAsync(new Owner(users[i], null), session, new LiveTicket(RandomNumberGenerator.GetBytes(32)), start + Duration.FromSeconds(second), TestContext.Current.CancellationToken));
        }

        // Whatever other tests have left.
        await RunJobAsync(api.Services, start + Duration.FromSeconds(180));
        Assert.Equal(0, await RunJobAsync(api.Services, start + Duration.FromSeconds(225)));
        var late = start + Duration.FromDays(9);
        var finished = await Task.WhenAll(RunJobAsync(api.Replicas[0].Services, late), RunJobAsync(api.Replicas[1].Services, late));

        Assert.Equal(20, finished.Sum());
        Assert.Equal(0, await RunJobAsync(api.Services, late));
        foreach (var userId in users)
        {
            var session = await _lives.QueryAsync(context => context.LiveSessions.AsNoTracking().SingleAsync(s => s.UserId == userId, TestContext.Current.CancellationToken));
            Assert.Equal((LiveStatus.Expired, 180, 180, start + Duration.FromSeconds(180)), (session.Status, session.ChargedSeconds, session.RecordedSeconds, session.FinishedAt));
            Assert.Equal(3, await _lives.QueryAsync(context => context.XpLedger.CountAsync(row => row.UserId == userId && row.Source == Domain.Xp.XpSource.Live, TestContext.Current.CancellationToken)));
            Assert.Empty(await _lives.DifferencesAsync(userId));
        }

        async Task ActAsync(Guid userId, Func<LiveSessions, Task<LiveOutcome>> act)
        {
            await using var scope = api.Services.CreateAsyncScope();
            Assert.IsType<LiveOutcome.Stands>(await act(scope.ServiceProvider.GetRequiredService<LiveSessions>()));
        }
    }

    [Fact]
    public async Task What_is_charged_counts_where_it_lies_however_late_it_is_settled()
    {
        var userId = await _lives.RegisterAsync("UTC");
        var (owner, cancellation) = (new Owner(userId, null), TestContext.Current.CancellationToken);
        await UseUpAsync(userId, Free - 90);
        var start = Instant.FromUtc(2026, 3, 10, 10, 0);
        await using var scope = api.Services.CreateAsyncScope();
        var live = scope.ServiceProvider.GetRequiredService<LiveSessions>();
        var session = ((LiveOutcome.Stands)await live.StartAsync(owner, LiveSessionType.Text, null, new LiveTicket(RandomNumberGenerator.GetBytes(32)), start, cancellation)).Session.Id;
        await live.HeartbeatAsync(owner, session, new LiveTicket(RandomNumberGenerator.GetBytes(32)), start + Duration.FromSeconds(45), cancellation);

        // The worker is away for ten days, and the learner learns meanwhile: checkpoints wait for the session.
        var learning = scope.ServiceProvider.GetRequiredService<Data.Learning.LearningWrites>();
        for (var day = 1; day < 10; day++)
        {
            foreach (var minute in (int[])[0, 1])
                await learning.RecordSignalAsync(userId, userId, Domain.LearningTime.SignalKind.Start, null, start + Duration.FromDays(day) + Duration.FromMinutes(minute), cancellation);
        }

        Assert.True(await live.ExpireAsync(userId, session, start + Duration.FromDays(10), cancellation));

        Assert.Empty(await _lives.DifferencesAsync(userId));
        var days = await _lives.QueryAsync(context => context.LearningDays.Where(day => day.UserId == userId && day.LiveTicks > 0).Select(day => new { day.Date, day.LiveTicks }).ToListAsync(cancellation));
        Assert.Equal((new LocalDate(2026, 3, 10), 900_000_000L), (days.Single().Date, days.Single().LiveTicks));
        Assert.Contains("Current = 10,", await _lives.StreakAsync(userId, start + Duration.FromDays(9) + Duration.FromMinutes(2)), StringComparison.Ordinal);
    }

    private static (int Gap, Act Act)[] Generate(int seed) => LiveHistoryTests.Acts.Generate(new PCG((uint)seed), null, out _);

    private static Task<long> RunJobAsync(IServiceProvider services, Instant now) =>
        Schedule.Jobs.Single(job => job.Name == "expire-live-sessions").RunAsync(services, now, TestContext.Current.CancellationToken);

    // As if earlier sessions of both months had been charged so much.
    private Task<int> UseUpAsync(Guid userId, int seconds) => _lives.QueryAsync(context =>
    {
        foreach (var month in (int[])[3, 4])
        {
            var at = Instant.FromUtc(2026, month, 1, 0, 0);
            context.LiveSessions.Add(new LiveSessionRow
            {
                Id = Guid.CreateVersion7(api.Clock.GetUtcNow()),
                UserId = userId,
                Type = LiveSessionType.Text,
                StartedAt = at,
                Date = at.InUtc().Date,
                UsedBefore = 0,
                HeartbeatAt = at,
                Status = LiveStatus.Ended,
                FinishedAt = at,
                FinishExpiresAt = at,
                QuotaSeconds = Free,
                ChargedSeconds = seconds,
                FirstMonthSeconds = seconds,
                Order = 0,
            });
            context.LearningDays.Add(new Data.Learning.DayRow { UserId = userId, Date = at.InUtc().Date, Sessions = 1, Activities = 1 });
        }

        return context.SaveChangesAsync(TestContext.Current.CancellationToken);
    });
}
