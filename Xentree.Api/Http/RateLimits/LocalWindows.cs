using System.Collections.Concurrent;

namespace Xentree.Api.Http.RateLimits;

/// <summary>
/// The windows of this replica alone, for when Redis is down: requests go on, and each replica counts for itself. Bounded, because
/// what is counted is chosen by those who call.
/// </summary>
internal sealed class LocalWindows(TimeProvider time)
{
    private const int MaxWindows = 50_000;

    private readonly ConcurrentDictionary<string, (long EndsAt, long Count)> _windows = new(StringComparer.Ordinal);

    /// <summary>Counts a request.</summary>
    public WindowState Count(Window window)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_windows.Count > MaxWindows) RemoveEnded(now);

        var (endsAt, count) = _windows.AddOrUpdate(
            window.Key,
            static (_, now) => (now + Window.Milliseconds, 1),
            static (_, state, now) => state.EndsAt <= now ? (now + Window.Milliseconds, 1) : (state.EndsAt, state.Count + 1),
            now);
        return new WindowState(window, count, endsAt - now);
    }

    /// <summary>Takes back one count.</summary>
    public void Uncount(Window window)
    {
        if (_windows.TryGetValue(window.Key, out var state) && state.Count > 0) _windows.TryUpdate(window.Key, (state.EndsAt, state.Count - 1), state);
    }

    private void RemoveEnded(long now)
    {
        foreach (var (key, (endsAt, _)) in _windows)
        {
            if (endsAt <= now) _windows.TryRemove(key, out _);
        }

        if (_windows.Count <= MaxWindows) return;

        // Fifty thousand callers within a minute: forget those that called least, rather than grow.
        foreach (var (key, _) in _windows.OrderBy(window => window.Value.Count).Take(MaxWindows / 2)) _windows.TryRemove(key, out _);
    }
}
