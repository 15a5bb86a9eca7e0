using NodaTime;

namespace Xentree.Domain.LearningTime;

/// <summary>Exact time in whole seconds. Never by way of a double: after enough years of study it would round up.</summary>
public static class WholeSeconds
{
    /// <summary>How often a number of seconds fits into a time.</summary>
    /// <param name="time">A time from 0.</param>
    /// <param name="seconds">The step; 1 gives the floor of its seconds.</param>
    public static long Floor(Duration time, int seconds = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, Duration.Zero);
        return time.ToInt64Nanoseconds() / (seconds * NodaConstants.NanosecondsPerSecond);
    }

    /// <summary>
    /// Whole seconds of parts, whose sum is the floor of the parts' sum: each part gets the floor of the total so far less what the
    /// earlier ones got.
    /// </summary>
    /// <param name="parts">The parts, in order.</param>
    public static IReadOnlyList<long> Of(IEnumerable<Duration> parts)
    {
        List<long> seconds = [];
        var (sum, given) = (Duration.Zero, 0L);
        foreach (var part in parts)
        {
            sum += part;
            seconds.Add(Floor(sum) - given);
            given = Floor(sum);
        }

        return seconds;
    }
}
