using System.Globalization;
using System.Text.Json;
using CsCheck;
using NodaTime;
using Xentree.Domain.Streaks;

namespace Xentree.Tests.Streaks;

/// <summary>
/// The first law, on generated lives: the fold agrees with a naive reading of the rules, and it does not matter where it begins.
/// <c>XENTREE_HISTORIES</c> says how many lives; a failure prints the seed, which <c>CsCheck_Seed</c> takes.
/// </summary>
public sealed class StreakLawTests
{
    private static readonly long Histories =
        long.TryParse(Environment.GetEnvironmentVariable("XENTREE_HISTORIES"), CultureInfo.InvariantCulture, out var count) ? count : 2_000;

    [Fact]
    public void S6_a_fold_says_what_a_naive_reading_of_the_rules_says() => History.Any().Sample(
        history =>
        {
            foreach (var now in history.Questions)
            {
                var naive = new NaiveChain(history.RegisteredAt, history.Zone, history.KnownAt(now), history.Outages);

                Assert.Equal(naive.At(now), Story.Of(history.Fold(now), history.RegisteredAt));
            }
        },
        iter: Histories);

    [Fact]
    public void S6_a_fold_from_any_checkpoint_equals_the_fold_from_registration() => History.Any().Sample(
        history =>
        {
            var now = history.Questions[^1];
            var inputs = history.KnownAt(now);
            var fold = history.Fold(now);
            var whole = history.Told(fold);
            var outages = new Outages(history.Outages);
            var stepping = history.Genesis;

            foreach (var at in history.Questions.Concat(inputs.Select(input => input.At)).Concat([now]).Order())
            {
                var direct = Stored(Streak.CheckpointAt(history.Genesis, inputs, outages, StreakRulebook.Default, at));
                stepping = Stored(Streak.CheckpointAt(stepping, inputs, outages, StreakRulebook.Default, at));

                Assert.Equal(Json(direct), Json(stepping));
                if (at > now) continue;

                var chain = Streak.Fold(direct, inputs, outages, StreakRulebook.Default, now);
                Assert.Equal(whole, history.Told(chain));
                Assert.Equal(fold.Breaks.TakeLast(chain.Breaks.Count), chain.Breaks);
            }
        },
        iter: Histories / 40);

    [Fact]
    public void S6_checkpoints_taken_at_the_horizon_as_time_goes_by_change_no_answer() => History.Any().Sample(
        history =>
        {
            var checkpoint = history.Genesis;
            var outages = new Outages(history.Outages);

            foreach (var now in history.Received.Select(item => item.ReceivedAt).Concat(history.Questions).Order())
            {
                var known = history.KnownAt(now);
                var chain = Streak.Fold(checkpoint, known, outages, StreakRulebook.Default, now);
                var whole = history.Fold(now);
                Assert.Equal(history.Told(whole), history.Told(chain));

                var horizon = StreakRules.Default.CheckpointHorizon(now);
                if (horizon > history.RegisteredAt)
                    checkpoint = Stored(Streak.CheckpointAt(checkpoint, known, outages, StreakRulebook.Default, horizon));
            }
        },
        iter: Histories / 10);

    [Fact]
    public void S10_a_checkpoint_holds_for_later_outages_or_says_that_it_does_not() => History.Any().Sample(
        history =>
        {
            var now = history.Questions[^1];
            var inputs = history.KnownAt(now);
            var later = new Outages(history.Outages.Concat(history.DeclaredLater));
            var whole = history.Told(Streak.Fold(history.Genesis, inputs, later, StreakRulebook.Default, now));

            // A day that a flight left early is where a later outage may lie before its end and after the checkpoint.
            var flights = inputs.OfType<ZoneChange>().Select(change => change.At + Duration.FromMinutes(15));
            foreach (var at in history.Questions.Concat(flights).Where(at => at <= now))
            {
                var checkpoint = Streak.CheckpointAt(history.Genesis, inputs, new Outages(history.Outages), StreakRulebook.Default, at);
                if (!checkpoint.Holds(later))
                {
                    Assert.Throws<ArgumentException>(() => Streak.Fold(checkpoint, inputs, later, StreakRulebook.Default, now));
                    continue;
                }

                var chain = Streak.Fold(checkpoint, inputs, later, StreakRulebook.Default, now);
                Assert.Equal(whole, history.Told(chain));
            }
        },
        iter: Histories / 2);

    [Fact]
    public void S6_the_earliest_activity_of_each_date_is_all_that_a_fold_needs() => History.Any().Sample(
        history =>
        {
            var now = history.Questions[^1];
            var inputs = history.KnownAt(now);
            var earliest = inputs.Where(input => input is not Activity)
                .Concat(inputs.OfType<Activity>().GroupBy(activity => activity.Date).Select(day => day.Min(Input.InOrder)!));

            Assert.Equal(history.Told(history.Fold(now)), history.Told(history.Fold(now, [.. earliest])));
        },
        iter: Histories / 4);

    [Fact]
    public void S6_reading_hourly_or_in_another_order_changes_nothing() => History.Any().Sample(
        history =>
        {
            var now = history.Questions[^1];
            var inputs = history.KnownAt(now);
            var expected = history.Told(history.Fold(now));

            for (var at = history.RegisteredAt; at < now; at += Duration.FromHours(1)) history.Fold(at, inputs);

            Assert.Equal(expected, history.Told(history.Fold(now, [.. inputs.Reverse()])));
        },
        iter: Histories / 40);

    [Fact]
    public void S12_what_is_announced_does_not_depend_on_the_checkpoint_and_leaves_no_break_untold() => History.Any().Sample(
        history =>
        {
            var outages = new Outages(history.Outages);
            var told = history.Genesis.Trail;
            var horizon = history.RegisteredAt;
            var standing = new HashSet<LocalDate>();

            foreach (var now in history.Received.Select(item => item.ReceivedAt).Concat(history.Questions).Order())
            {
                var known = history.KnownAt(now);
                var checkpoint = Streak.CheckpointAt(history.Genesis, known, outages, StreakRulebook.Default, horizon);
                var chain = Streak.Fold(checkpoint, known, outages, StreakRulebook.Default, now);
                var happenings = Happening.Between(told, chain);
                Assert.Equal(Happening.Between(told, history.Fold(now)), happenings);

                foreach (var restored in happenings.OfType<Happening.Restored>()) Assert.True(standing.Remove(restored.Date));
                foreach (var broken in happenings.OfType<Happening.Broken>()) standing.Add(broken.Date);
                Assert.Subset(standing, chain.Breaks.Select(broken => broken.Date).ToHashSet());

                told = chain.Trail;
                horizon = Instant.Max(history.RegisteredAt, StreakRules.Default.CheckpointHorizon(now));
            }
        },
        iter: Histories / 40);

    [Fact]
    public void S8_savers_are_never_below_none_and_above_two_only_by_purchases() => History.Any().Sample(
        history =>
        {
            foreach (var now in history.Questions)
            {
                var known = history.KnownAt(now);
                var chain = history.Fold(now);

                Assert.InRange(chain.Savers, 0, 2 + known.Count(input => input is SaverPurchase));
                Assert.InRange(history.Fold(now, [.. known.Where(input => input is not SaverPurchase)]).Savers, 0, 2);
                Assert.Equal(chain.Savers, chain.Movements.Sum(movement => movement.Kind switch
                {
                    SaverMovementKind.Granted or SaverMovementKind.Bought or SaverMovementKind.Returned => 1,
                    SaverMovementKind.Spent => -1,
                    _ => 0,
                }));
            }
        },
        iter: Histories);

    [Fact]
    public void D5_active_dates_never_outrun_real_time_however_the_zone_is_flipped() => History.Any(limited: true).Sample(
        history =>
        {
            var activities = history.Received.Select(item => item.Input).OfType<Activity>().OrderBy(activity => activity.At).ToList();

            for (var first = 0; first < activities.Count; first++)
            {
                var dates = new HashSet<LocalDate>();
                for (var last = first; last < activities.Count; last++)
                {
                    dates.Add(activities[last].Date);
                    var hours = (activities[last].At - activities[first].At).TotalHours;
                    Assert.True(dates.Count <= Math.Floor((hours + 26) / 24) + 2, $"{dates.Count} dates in {hours} h");
                }
            }
        },
        iter: Histories);

    private static Checkpoint Stored(Checkpoint checkpoint) => JsonSerializer.Deserialize<Checkpoint>(Json(checkpoint))!;

    private static string Json(Checkpoint checkpoint) => JsonSerializer.Serialize(checkpoint);
}
