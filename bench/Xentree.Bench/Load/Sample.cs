using System.Diagnostics;

namespace Xentree.Bench.Load;

/// <summary>What a spell of load showed.</summary>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Latencies">How long each call took, in ticks of the stopwatch, shortest first.</param>
/// <param name="AllocatedBytes">What the process allocated meanwhile.</param>
internal sealed record Sample(TimeSpan Elapsed, long[] Latencies, long AllocatedBytes)
{
    /// <summary>Calls a second.</summary>
    public double Rate => Latencies.Length / Elapsed.TotalSeconds;

    /// <summary>What the process allocated for a call.</summary>
    public double AllocatedPerCall => (double)AllocatedBytes / Latencies.Length;

    /// <summary>The latency that so many of a hundred calls kept within, in milliseconds.</summary>
    public double Percentile(double percent)
    {
        var index = Math.Clamp((int)Math.Ceiling(Latencies.Length * percent / 100) - 1, 0, Latencies.Length - 1);
        return Stopwatch.GetElapsedTime(0, Latencies[index]).TotalMilliseconds;
    }
}
