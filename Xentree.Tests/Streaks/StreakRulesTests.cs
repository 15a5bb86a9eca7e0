using NodaTime;
using Xentree.Domain.Streaks;

namespace Xentree.Tests.Streaks;

/// <summary>The numbers, their versions, and the price of a saver (S8).</summary>
public sealed class StreakRulesTests
{
    [Fact]
    public void The_published_numbers_are_these()
    {
        var rules = StreakRules.Default.Validated();

        Assert.Equal((2, 7, 50, 6, 3), (rules.MaxSavers, rules.GrantEvery, rules.SaverCost, rules.DatesBetweenBridges, rules.ZoneChangeLimit));
        Assert.Equal(
            (72.0, 5.0, 168.0, 72.0),
            (rules.LateWindow.TotalHours, rules.ClockTolerance.TotalMinutes, rules.ZoneChangeWindow.TotalHours, rules.ProvisionalFor.TotalHours));
    }

    [Fact]
    public void Numbers_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentException>(() => (StreakRules.Default with { GrantEvery = 0 }).Validated());
        Assert.Throws<ArgumentException>(() => (StreakRules.Default with { MaxSavers = -1 }).Validated());
        Assert.Throws<ArgumentException>(() => (StreakRules.Default with { ProvisionalFor = Duration.FromHours(71) }).Validated());
        Assert.Throws<ArgumentException>(() => new StreakRulebook());
        Assert.Throws<ArgumentException>(() => new StreakRulebook(StreakRules.Default, StreakRules.Default));
    }

    [Fact]
    public void History_keeps_the_rules_it_was_made_under()
    {
        var learner = new Learner().ActiveFrom(1, 20);
        var generous = new StreakRulebook(
            StreakRules.Default,
            StreakRules.Default with { Version = 2, EffectiveFrom = Time.At("2026-03-10T00:00:00Z"), GrantEvery = 5, MaxSavers = 4 });

        var state = Streak.Fold(learner.Genesis, learner.Inputs, Outages.None, generous, Time.At("2026-03-20T20:00:00Z"));

        Assert.Equal([7, 10, 15, 20], state.Movements.Select(movement => movement.Streak));
        Assert.Equal(4, state.Savers);
    }

    [Fact]
    public void S8_one_costs_fifty_tokens_and_two_are_the_limit()
    {
        var learner = new Learner();
        Assert.Equal(SaverOffer.Accepted, Offer(learner, 50));
        Assert.Equal(SaverOffer.InsufficientTokens, Offer(learner, 49));
        Assert.Equal(SaverOffer.Accepted, Offer(learner.Buys(1), 50));
        Assert.Equal(SaverOffer.SaverLimit, Offer(learner.Buys(1), 1_000));
        Assert.Equal(SaverOffer.SaverLimit, Offer(learner, 0));
    }

    private static SaverOffer Offer(Learner learner, long tokens) => SaverShop.Offer(learner.On(2), tokens, StreakRules.Default);
}
