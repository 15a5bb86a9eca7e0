using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xentree.Data.Learning;
using Xentree.Domain.LearningTime;

namespace Xentree.Tests.Learning;

/// <summary>Rule S12: what happened to a streak is recorded once, with what made it so.</summary>
public sealed class AnnouncementTests(ApiServer api) : IClassFixture<ApiServer>
{
    private readonly Lives _lives = new(api);

    [Fact]
    public async Task S12_what_the_rollover_breaks_is_told_once_and_a_late_event_restores_it()
    {
        var userId = await _lives.RegisterAsync("UTC");
        var day = Instant.FromUtc(2026, 2, 21, 12, 0);
        await LearnAsync(day, day);
        await LearnAsync(day + Duration.FromDays(1), day + Duration.FromDays(1));
        var midnight = Instant.FromUtc(2026, 2, 24, 0, 5);

        await Task.WhenAll(_lives.RollOverAsync(midnight), _lives.RollOverAsync(midnight));
        await _lives.RollOverAsync(midnight + Duration.FromDays(1));
        Assert.Equal(["streak.extended 2026-02-21", "streak.extended 2026-02-22", "streak.broken 2026-02-23"], await ToldAsync());

        await LearnAsync(day + Duration.FromDays(2), midnight + Duration.FromHours(6));

        Assert.Equal(["streak.restored 2026-02-23", "streak.extended 2026-02-23"], (await ToldAsync()).Skip(3).Take(2));
        var broken = await _lives.QueryAsync(context => context.DomainEvents.SingleAsync(e => e.UserId == userId && e.Type == "streak.broken", TestContext.Current.CancellationToken));
        Assert.Equal(Instant.FromUtc(2026, 2, 24, 0, 0), broken.OccurredAt);
        Assert.Contains("\"final_at\": \"2026-02-27T00:00:00Z\"", broken.Payload, StringComparison.Ordinal);

        async Task<List<string>> ToldAsync() => await _lives.QueryAsync(async context =>
            (await context.DomainEvents.Where(e => e.UserId == userId).OrderBy(e => e.Id).ToListAsync(TestContext.Current.CancellationToken))
            .ConvertAll(e => $"{e.Type} {System.Text.Json.JsonDocument.Parse(e.Payload).RootElement.GetProperty("date").GetString()}"));

        async Task LearnAsync(Instant at, Instant now)
        {
            foreach (var seconds in (int[])[0, 60])
            {
                await using var scope = api.Services.CreateAsyncScope();
                Assert.IsType<SignalOutcome.Recorded>(await scope.ServiceProvider.GetRequiredService<LearningWrites>().RecordSignalAsync(
                    userId, userId, SignalKind.Start, at + Duration.FromSeconds(seconds), now + Duration.FromSeconds(60), TestContext.Current.CancellationToken));
            }
        }
    }
}
