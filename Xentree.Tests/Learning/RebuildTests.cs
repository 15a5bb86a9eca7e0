using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xentree.Data.Learning;
using Xentree.Domain.LearningTime;

namespace Xentree.Tests.Learning;

/// <summary>The second law: what is kept is what the inputs and the ledgers say, whatever a life was like.</summary>
public sealed class RebuildTests(ApiServer api) : IClassFixture<ApiServer>
{
    private static readonly int Count = Environment.GetEnvironmentVariable("XENTREE_HISTORIES") is { } asked ? int.Parse(asked, CultureInfo.InvariantCulture) : 12;

    private readonly Lives _lives = new(api);

    [Fact]
    public async Task Rebuilding_any_life_changes_nothing()
    {
        var first = Environment.TickCount & 0xFFFFF;
        await Parallel.ForEachAsync(Enumerable.Range(first, Count), TestContext.Current.CancellationToken, async (seed, _) =>
        {
            var userId = await _lives.RegisterAsync(tokens: 10_000);
            await _lives.LiveAsync(userId, seed, steps: 70);

            var differences = await _lives.DifferencesAsync(userId);
            Assert.True(differences.Count == 0, $"seed {seed}: {string.Join('\n', differences)}");
        });
    }

    [Fact]
    public async Task S6_the_rollover_on_time_twice_on_two_workers_late_or_never_changes_no_answer()
    {
        var first = Environment.TickCount & 0xFFFFF;
        for (var seed = first; seed < first + Math.Max(1, Count / 4); seed++)
        {
            var (never, hourly, late) = (await _lives.RegisterAsync(tokens: 10_000), await _lives.RegisterAsync(tokens: 10_000), await _lives.RegisterAsync(tokens: 10_000));
            var end = await _lives.LiveAsync(never, seed, steps: 50);
            await _lives.LiveAsync(hourly, seed, steps: 50, async now =>
            {
                // Everybody whom earlier learners left due is settled too: that must not matter either.
                await Task.WhenAll(_lives.RollOverAsync(now), _lives.RollOverAsync(now));
                await _lives.StreakAsync(hourly, now);
            });
            var step = 0;
            await _lives.LiveAsync(late, seed, steps: 50, async now =>
            {
                if (step++ % 17 == 16) await _lives.RollOverAsync(now);
            });

            var later = end + Duration.FromDays(3);
            var expected = await _lives.StreakAsync(never, later);
            Assert.Equal((seed, expected), (seed, await _lives.StreakAsync(hourly, later)));
            Assert.Equal((seed, expected), (seed, await _lives.StreakAsync(late, later)));
            await _lives.RollOverAsync(later);
            Assert.Equal((seed, expected), (seed, await _lives.StreakAsync(never, later)));
            Assert.Equal(0, await _lives.RollOverAsync(later));
            Assert.Equal(await ToldAsync(never), await ToldAsync(hourly));
            foreach (var userId in (Guid[])[never, hourly, late]) Assert.Empty(await _lives.DifferencesAsync(userId));
        }

        // What was told at last: a break may be told and taken back on the way, or never have been seen.
        async Task<string> ToldAsync(Guid userId) => string.Join(", ", await _lives.QueryAsync(context => context.Learners
            .Where(learner => learner.UserId == userId).Select(learner => learner.Announced!).ToListAsync(TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData("update learners set total_xp = total_xp + 1 where user_id = {0}", "total_xp")]
    [InlineData("update learners set tokens = tokens + 1 where user_id = {0}", "tokens")]
    [InlineData("update learners set segment_rows = 0 where user_id = {0}", "segment_rows")]
    [InlineData("update learners set longest_streak = 99 where user_id = {0}", "longest_streak")]
    [InlineData("update learners set inputs = inputs + 1 where user_id = {0}", "inputs")]
    [InlineData("update learners set chain_checkpoint = jsonb_set(chain_checkpoint, '{{Peak}}', '77') where user_id = {0}", "chain_checkpoint")]
    [InlineData("update learners set segment_checkpoint = jsonb_set(segment_checkpoint, '{{CountedTicks}}', '7') where user_id = {0}", "segment_checkpoint")]
    [InlineData("update learning_days set xp = xp + 1 where user_id = {0} and xp > 0", "xp")]
    [InlineData("update learning_days set conversation_ticks = conversation_ticks + 1 where user_id = {0}", "conversation_ticks")]
    [InlineData("update learning_days set active_at = active_at + interval '1 second' where user_id = {0}", "active_at")]
    [InlineData("delete from learning_days where user_id = {0}", "sessions")]
    public async Task P4_what_was_corrupted_is_found_and_repaired(string sql, string what)
    {
        var userId = await _lives.RegisterAsync();
        var end = await _lives.LiveAsync(userId, seed: 7, steps: 90);
        Assert.Empty(await _lives.DifferencesAsync(userId));
        var before = await _lives.StreakAsync(userId, end);

        await _lives.CorruptAsync(sql, userId);

        Assert.Contains(await _lives.DifferencesAsync(userId), difference => difference.What.EndsWith(what, StringComparison.Ordinal));
        Assert.NotEmpty(await _lives.DifferencesAsync(userId, repair: true));
        Assert.Empty(await _lives.DifferencesAsync(userId));
        Assert.Equal(before, await _lives.StreakAsync(userId, end));
    }

    [Fact]
    public async Task A_checkpoint_of_a_clock_that_was_ahead_is_dropped_when_an_input_reaches_behind_it()
    {
        var userId = await _lives.RegisterAsync();
        var start = Lives.Begin + Duration.FromHours(3);
        await LearnAsync(start, start);
        await LearnAsync(start + Duration.FromDays(1), start + Duration.FromDays(1));
        // A server whose clock is ten days ahead moves the checkpoint to a week ahead of everybody else's late events.
        await LearnAsync(start + Duration.FromDays(12), start + Duration.FromDays(12));

        await LearnAsync(start + Duration.FromDays(2), start + Duration.FromDays(2));

        Assert.Empty(await _lives.DifferencesAsync(userId));
        Assert.Contains("Current = 3,", await _lives.StreakAsync(userId, start + Duration.FromDays(2) + Duration.FromMinutes(2)), StringComparison.Ordinal);

        async Task LearnAsync(Instant at, Instant now)
        {
            await using var scope = api.Services.CreateAsyncScope();
            var learning = scope.ServiceProvider.GetRequiredService<LearningWrites>();
            foreach (var seconds in (int[])[0, 60])
            {
                Assert.IsType<SignalOutcome.Recorded>(await learning.RecordSignalAsync(
                    userId, userId, SignalKind.Start, at + Duration.FromSeconds(seconds), now + Duration.FromMinutes(2), TestContext.Current.CancellationToken));
            }
        }
    }
}
