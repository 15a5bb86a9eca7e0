using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Learning;
using Xentree.Data.Live;
using Xentree.Data.Xp;
using Xentree.Domain.LearningTime;

namespace Xentree.Tests.Learning;

/// <summary>Learners of the real clock and their random lives, through the one write path.</summary>
internal sealed class Lives(ApiServer api)
{
    public static readonly Instant Begin = Instant.FromUtc(2026, 2, 20, 9, 0);

    private static readonly string[] Zones = ["Europe/London", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Honolulu", "UTC"];

    /// <summary>Registers a learner who is no sandbox user, in the past.</summary>
    public async Task<Guid> RegisterAsync(string zone = "Europe/London", long tokens = 0)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<XentreeDbContext>();
        var name = ApiServer.UniqueName();
        var user = new User
        {
            Id = Guid.CreateVersion7(api.Clock.GetUtcNow()),
            Username = name,
            UsernameKey = name,
            Email = $"{name}@example.org",
            EmailKey = $"{name}@example.org",
            PasswordHash = "",
            Timezone = zone,
            Language = "en",
            CreatedAt = Begin,
            UpdatedAt = Begin,
        };
        context.Users.Add(user);
        context.Learners.Add(new LearnerRow { UserId = user.Id, RegisteredAt = Begin, RegisteredZone = zone, Tokens = tokens });
        if (tokens > 0) context.TokenLedger.Add(new TokenLedgerRow { Id = user.Id, UserId = user.Id, Reason = TokenReason.Quest, SourceId = "gift", Amount = tokens, At = Begin });
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        return user.Id;
    }

    /// <summary>Lives some days: learns in three conversations, tells of it at once, late or too late, flies, buys. Ends at the instant that it gives.</summary>
    public async Task<Instant> LiveAsync(Guid userId, int seed, int steps, Func<Instant, Task>? between = null)
    {
        var random = new Random(seed);
        var conversations = Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7(api.Clock.GetUtcNow())).ToList();
        var (now, session, beats) = (Begin, default(Guid?), 0);
        for (var step = 0; step < steps; step++)
        {
            // A live session lives on heartbeats.
            now += Duration.FromMilliseconds(beats > 0 ? random.Next(1, 44_000) : random.Next(4) switch
            {
                0 => random.Next(1, 90_000),
                1 => random.Next(60_000, 2_400_000),
                2 => random.Next(3_600_000, 3_600_000 * 40),
                _ => 0,
            });
            if (between is not null) await between(now);

            await using var scope = api.Services.CreateAsyncScope();
            var learning = scope.ServiceProvider.GetRequiredService<LearningWrites>();
            var cancellation = TestContext.Current.CancellationToken;
            var live = scope.ServiceProvider.GetRequiredService<LiveSessions>();
            if (beats > 0)
            {
                beats--;
                await live.HeartbeatAsync(new Owner(userId, null), session!.Value, new LiveTicket(RandomNumberGenerator.GetBytes(32)), now, cancellation);
            }
            else if (session is { } left && random.Next(2) == 0)
            {
                // As the worker does, sooner or later.
                await live.ExpireAsync(userId, left, now, cancellation);
            }

            switch (random.Next(28))
            {
                case 0: await learning.ChangeZoneAsync(userId, Zones[random.Next(Zones.Length)], now, cancellation); break;
                case 1: await learning.BuySaverAsync(userId, now, cancellation); break;
                case 2: await learning.DrawQuestsAsync(userId, now, cancellation); break;
                case 3: await learning.RecordTurnAsync(userId, conversations[random.Next(3)], random.Next(2) == 0, now, cancellation); break;
                case 4 or 5 or 6:
                    if (await live.StartAsync(new Owner(userId, null), LiveSessionType.Text, null, new LiveTicket(RandomNumberGenerator.GetBytes(32)), now, cancellation) is LiveOutcome.Stands(var started, _))
                        (session, beats) = (started.Id, random.Next(8));
                    break;
                case 7:
                    if (session is { } ended) await live.EndAsync(new Owner(userId, null), ended, now, cancellation);
                    beats = 0;
                    break;
                default:
                    var late = random.Next(5) switch
                    {
                        0 => random.Next(1, 3_600_000),
                        1 => random.Next(3_600_000, 3_600_000 * 72),
                        2 => random.Next(3) == 0 ? random.Next((3_600_000 * 72) - 60_000, (3_600_000 * 72) + 60_000) : 0,
                        _ => 0,
                    };
                    // To the tick: the server cuts what a client tells to the millisecond.
                    var at = now - Duration.FromMilliseconds(late) + Duration.FromTicks(random.Next(10_000));
                    var conversation = conversations[random.Next(3)];
                    await learning.RecordSignalAsync(userId, conversation, SignalKind.Start, at, now, cancellation);
                    var kind = random.Next(6) == 0 ? SignalKind.End : SignalKind.Activity;
                    await learning.RecordSignalAsync(userId, conversation, kind, Instant.Min(now, at + Duration.FromSeconds(random.Next(1, 150))), now, cancellation);
                    break;
            }
        }

        return now;
    }

    /// <summary>What differs from what the inputs say.</summary>
    public async Task<IReadOnlyList<Difference>> DifferencesAsync(Guid userId, bool repair = false)
    {
        await using var scope = api.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<Rebuild>().RunAsync(userId, repair, TestContext.Current.CancellationToken))!;
    }

    /// <summary>The streak at an instant.</summary>
    public async Task<string> StreakAsync(Guid userId, Instant now)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var (learner, chain) = await scope.ServiceProvider.GetRequiredService<LearnerReads>().ReadAsync(userId, now, days: 1, TestContext.Current.CancellationToken);
        return $"{Streaks.Story.Of(chain with { Breaks = [] }, Begin)} longest {learner.LongestStreak(chain)}, {learner.Learner.SegmentRows} rows";
    }

    /// <summary>Settles everybody who is due, as the job does; how many they were.</summary>
    public async Task<int> RollOverAsync(Instant now)
    {
        var count = 0;
        for (var batch = RolloverBatch.Start; ;)
        {
            await using var scope = api.Services.CreateAsyncScope();
            batch = await scope.ServiceProvider.GetRequiredService<Rollover>().SettleAsync(now, batch, TestContext.Current.CancellationToken);
            if (batch == RolloverBatch.Start) return count;

            Assert.Empty(batch.Failures);
            count += batch.Settled;
        }
    }

    /// <summary>Asks the database.</summary>
    public async Task<T> QueryAsync<T>(Func<XentreeDbContext, Task<T>> ask)
    {
        await using var scope = api.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<XentreeDbContext>());
    }

    /// <summary>Changes rows behind everybody's back.</summary>
    public Task CorruptAsync(string sql, Guid userId) => QueryAsync(context => context.Database.ExecuteSqlRawAsync(sql, [userId], TestContext.Current.CancellationToken));
}
