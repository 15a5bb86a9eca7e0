using CsCheck;
using NodaTime;
using Xentree.Domain.LearningTime;
using Xentree.Tests.Xp;

namespace Xentree.Tests.LearningTime;

/// <summary>Sets of instants, held against an array with a cell for each instant.</summary>
public sealed class TimeUnionTests
{
    private const int End = 60;
    private static readonly Gen<(int Start, int Length)[]> Intervals = Gen.Select(Gen.Int[0, End - 1], Gen.Int[0, 20]).Array[0, 8];

    [Fact]
    public void It_is_the_set_that_its_intervals_spell() =>
        Gen.Select(Intervals, Intervals, Gen.Int[0, End]).Hold(history =>
        {
            var (one, other, cut) = history;
            var (a, b) = (Cells(one), Cells(other));

            Same(a, Union(one));
            Same(i => a(i) || b(i), Union(one).And(Union(other)));
            Same(i => a(i) && !b(i), Union(one).Less(Union(other)));
            Same(i => a(i) && i >= cut, Union(one).From(At(cut)));
            Same(i => a(i) && i < cut, Union(one).Before(At(cut)));
        }, few: 20_000);

    private static TimeUnion Union((int Start, int Length)[] intervals) =>
        TimeUnion.Of(intervals.Select(interval => new Interval(At(interval.Start), At(interval.Start + interval.Length))));

    private static Func<int, bool> Cells((int Start, int Length)[] intervals) =>
        cell => intervals.Any(interval => interval.Start <= cell && cell < interval.Start + interval.Length);

    private static void Same(Func<int, bool> cells, TimeUnion union)
    {
        var expected = Enumerable.Range(0, End + 20).Where(cells).ToArray();
        Assert.Equal(expected, union.Parts.SelectMany(part => Enumerable.Range(Cell(part.Start), Cell(part.End) - Cell(part.Start))));
        Assert.Equal(Duration.FromTicks(expected.Length), union.Total);
        Assert.All(union.Parts.Zip(union.Parts.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
    }

    private static Instant At(int cell) => Instant.FromUnixTimeTicks(cell);

    private static int Cell(Instant instant) => (int)instant.ToUnixTimeTicks();
}
