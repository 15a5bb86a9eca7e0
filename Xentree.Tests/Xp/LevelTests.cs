using CsCheck;
using Xentree.Domain.Xp;

namespace Xentree.Tests.Xp;

/// <summary>Rule X7.</summary>
public sealed class LevelTests
{
    private const long Most = 1_000_000_000_000_000;

    [Theory]
    [InlineData(0, 1, 0, 100)]
    [InlineData(99, 1, 99, 100)]
    [InlineData(100, 2, 0, 200)]
    [InlineData(299, 2, 199, 200)]
    [InlineData(300, 3, 0, 300)]
    public void X7_the_figures_of_the_text(long total, long number, long current, long needed) =>
        Assert.Equal(new Level(number, current, needed), Level.Of(total));

    [Fact]
    public void X7_every_boundary_up_to_10_to_the_15th_is_exact()
    {
        // By adding the steps, as the rule's second half words it: about 4.5 million levels.
        var start = 0L;
        for (var number = 1L; start <= Most; start += 100 * number, number++)
        {
            if (start != Level.StartOf(number)) Assert.Fail($"Level {number} starts at {start}.");
            if (Level.Of(start).Number != number) Assert.Fail($"{start} is level {number}.");
            if (start > 0 && Level.Of(start - 1).Number != number - 1) Assert.Fail($"{start - 1} is level {number - 1}.");
        }
    }

    [Fact]
    public void X7_the_largest_total_of_64_bits_has_a_level()
    {
        var level = Level.Of(long.MaxValue);

        Assert.True(Level.StartOf(level.Number) <= long.MaxValue);
        Assert.Throws<OverflowException>(() => Level.StartOf(level.Number + 1));
    }

    [Fact]
    public void X7_a_total_lies_within_its_level() => Gen.Long[0, Most].Hold(total =>
    {
        var level = Level.Of(total);
        Assert.Equal(total, Level.StartOf(level.Number) + level.CurrentLevelXp);
        Assert.InRange(level.CurrentLevelXp, 0, level.XpNeededForNextLevel - 1);
        Assert.InRange(level.ProgressPercentage, 0m, 99.9m);
    });

    [Theory]
    [InlineData(0, "0")]
    [InlineData(50, "50")]
    [InlineData(101, "0.5")]
    [InlineData(301, "0.3")]
    [InlineData(599, "99.6")]
    public void X7_progress_has_one_decimal_and_is_rounded_down(long total, string percentage) =>
        Assert.Equal(decimal.Parse(percentage, System.Globalization.CultureInfo.InvariantCulture), Level.Of(total).ProgressPercentage);

    [Fact]
    public void X7_progress_never_shows_100_before_the_next_level() =>
        Assert.Equal(99.9m, Level.Of(Level.StartOf(1_000_000) - 1).ProgressPercentage);

    [Fact]
    public void X7_there_is_no_level_of_less_than_nothing() => Assert.Throws<ArgumentOutOfRangeException>(() => Level.Of(-1));

    [Fact]
    public void Q6_each_level_reached_is_named_once()
    {
        Assert.Empty(Level.Reached(0, 99));
        Assert.Equal([2], Level.Reached(99, 100));
        Assert.Equal([2, 3], Level.Reached(0, 300));
        Assert.Empty(Level.Reached(300, 300));
        Assert.Equal(10, XpRules.Default.LevelUpTokens);
    }

    [Fact]
    public void Q6_the_way_to_a_total_does_not_change_the_levels_that_it_reaches() =>
        Gen.Long[0, 400].Array[0, 40].Hold(steps =>
        {
            var total = 0L;
            List<long> reached = [];
            foreach (var step in steps)
            {
                reached.AddRange(Level.Reached(total, total + step));
                total += step;
            }

            Assert.Equal(Level.Reached(0, total), reached);
        });

    [Fact]
    public void Q6_a_balance_is_never_negative()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBalance(-1));
        Assert.Equal(new TokenBalance(0), new TokenBalance(40).Plus(10).Less(50));
        Assert.Null(new TokenBalance(49).Less(50));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBalance(5).Less(-1));
    }
}
