using StackExchange.Redis;
using Xentree.Api.Http.RateLimits;

namespace Xentree.Api.Auth;

/// <summary>
/// What all replicas share in Redis: the windows of the rate limits and the callers that were looked up lately, in one call.
/// <para>
/// Invariant: PostgreSQL is the truth. A change that takes something from a caller (log-out, a deleted key, a removed member) calls
/// <see cref="ForgetAsync"/> <em>before</em> its transaction commits. That leaves a marker that sends every replica to PostgreSQL for
/// this caller, and that lives longer than any request that may have read the old row, because a look-up is stored only where
/// there is no marker. So whoever asks after the commit sees the change; a killed process leaves at worst a marker that costs a query.
/// </para>
/// <para>
/// When Redis does not answer, callers are looked up in PostgreSQL and each replica counts requests for itself. When it answers again it
/// may remember callers from whom something was taken meanwhile, so PostgreSQL is asked for as long as such a memory can last.
/// </para>
/// </summary>
internal sealed partial class SharedState
{
    private const string Marker = "?";

    private static readonly TimeSpan CallerLifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MarkerLifetime = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // KEYS[1]: the caller, or ''. KEYS[2]: its window when it is known, or ''. KEYS[3]: its window when it is not, or ''.
    // KEYS[4…]: further windows. ARGV[1]: the length of a window. Gives the caller and a count and a remaining time for each window.
    private const string AdmitScript =
        """
        local caller = false
        if KEYS[1] ~= '' then caller = redis.call('GET', KEYS[1]) end
        local out = { caller }
        local function count(key)
          if key == '' then return end
          local n = redis.call('INCR', key)
          local ttl = redis.call('PTTL', key)
          if n == 1 or ttl < 0 then
            redis.call('PEXPIRE', key, ARGV[1])
            ttl = tonumber(ARGV[1])
          end
          out[#out + 1] = n
          out[#out + 1] = ttl
        end
        if caller and caller ~= '?' then count(KEYS[2]) else count(KEYS[3]) end
        for i = 4, #KEYS do count(KEYS[i]) end
        return out
        """;

    // A window that has ended meanwhile stays ended.
    private const string UncountScript = "if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('DECR', KEYS[1]) end return 0";

    private static readonly RedisValue[] WindowLength = [Window.Milliseconds];

    private readonly IConnectionMultiplexer _redis;
    private readonly LocalWindows _local;
    private readonly TimeProvider _time;
    private readonly ILogger<SharedState> _logger;

    private long _closedUntil;
    private long _distrustedUntil;

    public SharedState(IConnectionMultiplexer redis, LocalWindows local, TimeProvider time, ILogger<SharedState> logger)
    {
        (_redis, _local, _time, _logger) = (redis, local, time, logger);
        // A replica that nobody called during an outage hears of it here.
        redis.ConnectionFailed += (_, _) => Distrust();
        redis.ConnectionRestored += (_, _) => Distrust();
    }

    /// <summary>Whether Redis answered last time.</summary>
    public bool IsReachable => Volatile.Read(ref _closedUntil) == 0;

    /// <summary>Counts a request and looks its caller up.</summary>
    /// <param name="callerKey">The caller's key; null for an anonymous request.</param>
    /// <param name="known">The window to count in when the caller is known.</param>
    /// <param name="unknown">The window to count in when it is not.</param>
    /// <param name="others">Further windows to count in.</param>
    /// <returns>The caller as it was stored, null where PostgreSQL must be asked; and the windows.</returns>
    public async ValueTask<(byte[]? Caller, WindowState[] Windows)> AdmitAsync(string? callerKey, Window known, Window unknown, Window[] others)
    {
        if (IsOpen())
        {
            try
            {
                var keys = new RedisKey[3 + others.Length];
                keys[0] = callerKey ?? "";
                keys[1] = known.Key;
                keys[2] = unknown.Key;
                for (var i = 0; i < others.Length; i++) keys[3 + i] = others[i].Key;

                var result = (RedisResult[])(await _redis.GetDatabase().ScriptEvaluateAsync(AdmitScript, keys, WindowLength))!;
                Opened();

                var caller = (byte[]?)result[0];
                var isKnown = caller is not null && caller is not [(byte)'?'];
                var windows = new WindowState[1 + others.Length];
                for (var i = 0; i < windows.Length; i++)
                    windows[i] = new WindowState(i > 0 ? others[i - 1] : isKnown ? known : unknown, (long)result[1 + (2 * i)], (long)result[2 + (2 * i)]);
                return (isKnown && _time.GetTimestamp() >= Volatile.Read(ref _distrustedUntil) ? caller : null, windows);
            }
            catch (Exception exception) when (IsGone(exception))
            {
                Closed(exception);
            }
        }

        // By the address where the caller is a key that nobody has confirmed: keys can be made up, so each must not have a window of its own.
        var first = known.Key == unknown.Key ? known : unknown with { Policy = known.Policy, Quota = known.Quota };
        return (null, [_local.Count(first), .. others.Select(_local.Count)]);
    }

    /// <summary>Counts in a single window.</summary>
    public async ValueTask<WindowState> CountAsync(Window window) =>
        (await AdmitAsync(null, window, window, [])).Windows[0];

    /// <summary>Takes back one count, so that only failures stay counted.</summary>
    public async ValueTask UncountAsync(Window window)
    {
        _local.Uncount(window);
        if (!IsOpen()) return;

        try
        {
            await _redis.GetDatabase().ScriptEvaluateAsync(UncountScript, [(RedisKey)window.Key]);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            Closed(exception);
        }
    }

    /// <summary>Stores a caller that PostgreSQL confirmed, unless something is being taken from it.</summary>
    public async ValueTask RememberAsync(string callerKey, byte[] caller)
    {
        if (!IsOpen()) return;

        try
        {
            await _redis.GetDatabase().StringSetAsync(callerKey, caller, CallerLifetime, When.NotExists);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            Closed(exception);
        }
    }

    /// <summary>Sends every replica to PostgreSQL for these callers from now on. Call it before the commit.</summary>
    public async Task ForgetAsync(IReadOnlyCollection<string> callerKeys)
    {
        if (callerKeys.Count == 0) return;

        try
        {
            var database = _redis.GetDatabase();
            await Task.WhenAll(callerKeys.Select(key => database.StringSetAsync(key, Marker, MarkerLifetime)));
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // What other replicas still hold of these callers ends after CallerLifetime.
            Closed(exception);
        }
    }

    // What was under way when the client gave a connection up is cancelled, by nobody's wish, or read from a pipe that is closed.
    private static bool IsGone(Exception exception) => exception is RedisException or TimeoutException or OperationCanceledException or InvalidOperationException;

    private bool IsOpen()
    {
        var until = Volatile.Read(ref _closedUntil);
        return until == 0 || _time.GetTimestamp() >= until;
    }

    private void Opened()
    {
        if (Volatile.Read(ref _closedUntil) == 0) return;

        // First the one, then the other: between them a request could believe too much.
        Distrust();
        if (Interlocked.Exchange(ref _closedUntil, 0) != 0) LogBack();
    }

    private void Distrust() => Volatile.Write(ref _distrustedUntil, In(CallerLifetime));

    private long In(TimeSpan duration) => _time.GetTimestamp() + (long)(duration.TotalSeconds * _time.TimestampFrequency);

    // A request must not wait for a server that just failed: the next try is a second away.
    private void Closed(Exception exception)
    {
        if (Interlocked.Exchange(ref _closedUntil, In(RetryAfter)) == 0) LogGone(exception);
    }

    [LoggerMessage(LogLevel.Warning, "Redis does not answer: requests are counted by each replica for itself, and callers are looked up in PostgreSQL")]
    private partial void LogGone(Exception exception);

    [LoggerMessage(LogLevel.Information, "Redis answers again")]
    private partial void LogBack();
}
