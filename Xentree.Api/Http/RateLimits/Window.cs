namespace Xentree.Api.Http.RateLimits;

/// <summary>A count of requests over a fixed window of a minute.</summary>
/// <param name="Key">What is counted.</param>
/// <param name="Policy">The policy's name in the headers.</param>
/// <param name="Quota">How many the window holds.</param>
internal readonly record struct Window(string Key, string Policy, int Quota)
{
    /// <summary>The length of every window, in milliseconds.</summary>
    public const int Milliseconds = 60_000;
}

/// <summary>Where a window stands after this request was counted.</summary>
/// <param name="Window">The window.</param>
/// <param name="Count">Requests in it, this one included.</param>
/// <param name="RemainingMilliseconds">Until it ends.</param>
internal readonly record struct WindowState(Window Window, long Count, long RemainingMilliseconds)
{
    public bool IsExceeded => Count > Window.Quota;

    public long Remaining => Math.Max(0, Window.Quota - Count);

    /// <summary>Until it ends, in whole seconds, at least one.</summary>
    public int ResetSeconds => (int)Math.Max(1, (RemainingMilliseconds + 999) / 1000);

    /// <summary>Writes the headers when the answer starts, whatever becomes of it until then.</summary>
    public static void Announce(HttpResponse response, WindowState[] states) => response.OnStarting(() =>
    {
        WriteHeaders(response, states);
        return Task.CompletedTask;
    });

    /// <summary>Writes <c>RateLimit</c> and <c>RateLimit-Policy</c> (draft-ietf-httpapi-ratelimit-headers-10).</summary>
    private static void WriteHeaders(HttpResponse response, ReadOnlySpan<WindowState> states)
    {
        var limits = new string[states.Length];
        var policies = new string[states.Length];
        for (var i = 0; i < states.Length; i++)
        {
            var (window, _, _) = states[i];
            limits[i] = FormattableString.Invariant($"\"{window.Policy}\";r={states[i].Remaining};t={states[i].ResetSeconds}");
            policies[i] = FormattableString.Invariant($"\"{window.Policy}\";q={window.Quota};w={Window.Milliseconds / 1000}");
        }

        response.Headers["RateLimit"] = string.Join(", ", limits);
        response.Headers["RateLimit-Policy"] = string.Join(", ", policies);
    }
}
