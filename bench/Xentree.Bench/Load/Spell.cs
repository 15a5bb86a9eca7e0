using System.Diagnostics;

namespace Xentree.Bench.Load;

/// <summary>A closed loop: so many workers, each of which calls again as soon as it was answered, for a time.</summary>
internal static class Spell
{
    /// <summary>Runs the load.</summary>
    /// <param name="workers">How many call at once.</param>
    /// <param name="duration">How long.</param>
    /// <param name="call">One call, given the worker's number. What it throws ends the run: no benchmark counts failures.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static async Task<Sample> RunAsync(int workers, TimeSpan duration, Func<int, Task> call, CancellationToken cancellation)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(() => WorkAsync(worker), cancellation)));
        var elapsed = Stopwatch.GetElapsedTime(start);
        var bytes = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        long[] all = [.. latencies.SelectMany(list => list).Order()];
        return new(elapsed, all, bytes);

        async Task<List<long>> WorkAsync(int worker)
        {
            var taken = new List<long>(1 << 14);
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                cancellation.ThrowIfCancellationRequested();
                var before = Stopwatch.GetTimestamp();
                await call(worker);
                taken.Add(Stopwatch.GetTimestamp() - before);
            }

            return taken;
        }
    }
}
