using CsCheck;
using NodaTime;
using Xentree.Domain.Xp;

namespace Xentree.Tests.Xp;

/// <summary>Rules X1, X4, X5, X6 and the pure half of X9.</summary>
public sealed class AwardTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 10, 12, 0);
    private static readonly LocalDate Day = new(2026, 3, 10);

    [Fact]
    public void X1_the_same_id_with_the_same_content_is_a_repetition_and_with_other_content_is_not()
    {
        var row = Award(15, Noon);

        Assert.True(Award(15, Noon, [Boost(2m, 60)]).Repeats(row));
        Assert.True(Award(16, Noon).HasIdOf(row));
        Assert.False(Award(16, Noon).Repeats(row));
        Assert.False(Award(15, Noon + Duration.Epsilon).Repeats(row));
        Assert.False((row with { Source = XpSource.Live }).HasIdOf(row));
    }

    [Theory]
    [InlineData(20, 50, 0, 10)]
    [InlineData(20, 79, 10, 5)]
    [InlineData(20, 79, 15, 0)]
    [InlineData(20, 100, 15, 5)]
    [InlineData(15, 99, 0, 14)]
    [InlineData(0, 100, 0, 0)]
    public void X4_an_attempt_is_worth_what_its_task_has_not_awarded_yet(int reward, int best, long before, long award) =>
        Assert.Equal(award, QuizXp.Of(reward, best, before));

    [Fact]
    public void X4_a_task_never_awards_more_than_its_best_score_in_any_order() =>
        Gen.Select(Gen.Int[0, 500], Gen.Int[0, 100].Array[1, 20]).Hold(history =>
        {
            var (reward, scores) = history;
            var (best, awarded) = (0, 0L);
            foreach (var score in scores)
            {
                var award = QuizXp.Of(reward, Math.Max(best, score), awarded);
                if (score <= best) Assert.Equal(0, award);
                (best, awarded) = (Math.Max(best, score), awarded + award);
                Assert.Equal((long)reward * best / 100, awarded);
            }
        });

    [Fact]
    public void X4_a_reward_that_was_lowered_takes_nothing_back() => Assert.Equal(0, QuizXp.Of(10, 100, 20));

    [Fact]
    public void X5_each_charged_minute_is_dated_when_it_completes()
    {
        Assert.Equal(5, XpRules.Default.LiveMinuteXp);
        Assert.Equal([], LiveMinutes.Completed(Noon, 0, 59));
        Assert.Equal([new LiveMinute(1, Noon + Duration.FromSeconds(60))], LiveMinutes.Completed(Noon, 0, 60));
        Assert.Equal(
            [(1, Noon + Duration.FromSeconds(60)), (2, Noon + Duration.FromSeconds(120)), (3, Noon + Duration.FromSeconds(180))],
            LiveMinutes.Completed(Noon, 0, 180).Select(minute => (minute.Ordinal, minute.CompletedAt)));
    }

    [Fact]
    public void X5_a_charge_completes_the_same_minutes_in_however_many_steps() => Gen.Long[0, 200].Array[1, 30].Hold(steps =>
    {
        var charged = 0L;
        List<LiveMinute> minutes = [];
        foreach (var step in steps)
        {
            minutes.AddRange(LiveMinutes.Completed(Noon, charged, charged + step));
            charged += step;
        }

        Assert.Equal(LiveMinutes.Completed(Noon, 0, charged), minutes);
        Assert.Equal(charged / 60, minutes.Count);
    });

    [Fact]
    public void X6_the_product_is_rounded_down_once()
    {
        var award = Award(15, Noon, [Boost(1.5m, 60)]);

        Assert.Equal((15, 1.5m, 22), (award.Base, award.Multiplier, award.Amount));
        Assert.Equal((5, 1m, 5), (Award(5, Noon).Base, Award(5, Noon).Multiplier, Award(5, Noon).Amount));
        // 1.1 is exact: 10 × 1.1 is 11, and not the 10.99… of a double that was rounded down.
        Assert.Equal(11, Award(10, Noon, [Boost(1.1m, 60)]).Amount);
    }

    [Fact]
    public void X6_the_highest_booster_counts_and_boosters_never_multiply_each_other()
    {
        var award = Award(100, Noon, [Boost(1.5m, 60), Boost(2m, 30), Boost(1.25m, 90)]);

        Assert.Equal((2m, 200), (award.Multiplier, award.Amount));
    }

    [Fact]
    public void X6_a_booster_holds_after_its_start_and_before_its_end()
    {
        var booster = Booster.Earned(2m, Duration.FromMinutes(30), Noon);
        var end = Noon + Duration.FromMinutes(30);

        Assert.False(booster.HoldsAt(Noon));
        Assert.True(booster.HoldsAt(Noon + Duration.Epsilon));
        Assert.True(booster.HoldsAt(end - Duration.Epsilon));
        Assert.False(booster.HoldsAt(end));
    }

    [Fact]
    public void X6_a_booster_never_holds_for_the_event_that_earned_it()
    {
        Assert.Equal(15, Award(15, Noon, [Booster.Earned(2m, Duration.FromMinutes(30), receivedAt: Noon)]).Amount);
    }

    [Fact]
    public void X6_a_booster_earned_by_a_late_event_starts_when_it_was_received()
    {
        var received = Noon + Duration.FromHours(50);
        var booster = Booster.Earned(2m, Duration.FromMinutes(30), received);

        Assert.Equal(received, booster.StartsAt);
        Assert.Equal(received + Duration.FromMinutes(30), booster.EndsAt);
        Assert.Equal(15, Award(15, Noon + Duration.FromMinutes(1), [booster]).Amount);
    }

    [Fact]
    public void X6_the_days_quizzes_hold_the_course_and_its_segments_the_rest()
    {
        var day = new DayXp()
            .Plus(XpAward.Of(XpSource.Conversations, "a", 5, Noon, Day, []))
            .Plus(XpAward.Of(XpSource.Xel, "a", 20, Noon, Day, []))
            .Plus(XpAward.Of(XpSource.Live, "a", 10, Noon, Day, []));

        Assert.Equal((15, 20, 35), (day.Segments, day.Quizzes, day.Total));
    }

    [Fact]
    public void X6_an_award_is_what_whole_numbers_give() =>
        Gen.Select(Gen.Long[0, 1_000_000_000_000], Gen.Int[100, 1_000]).Hold(history =>
        {
            var (baseXp, hundredths) = history;
            Assert.Equal(baseXp * hundredths / 100, Award(baseXp, Noon, [Boost(hundredths / 100m, 60)]).Amount);
        });

    [Fact]
    public void X9_the_sum_of_10_000_awards_is_the_balance_in_any_order()
    {
        Booster[] boosters = [Boost(1.5m, 60)];
        var awards = Enumerable.Range(0, 10_000).Select(index => Award(index % 37, Noon + Duration.FromSeconds(index), boosters)).ToArray();

        var there = awards.Aggregate(new DayXp(), (day, award) => day.Plus(award));
        var back = awards.Reverse().Aggregate(new DayXp(), (day, award) => day.Plus(award));

        Assert.Equal(there, back);
        Assert.Equal(awards.Sum(award => award.Amount), there.Total);
    }

    [Fact]
    public void Rules_that_contradict_themselves_are_refused()
    {
        Assert.Same(XpRules.Default, XpRules.Default.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (XpRules.Default with { SegmentSeconds = 0 }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (XpRules.Default with { SessionEndSeconds = 60 }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (XpRules.Default with { SegmentXp = -1 }).Validate());
    }

    private static Booster Boost(decimal multiplier, int minutes) =>
        new(multiplier, Noon - Duration.FromMinutes(1), Noon + Duration.FromMinutes(minutes));

    private static XpAward Award(long baseXp, Instant at, IEnumerable<Booster>? boosters = null) =>
        XpAward.Of(XpSource.Xel, "attempt", baseXp, at, Day, boosters ?? []);
}
