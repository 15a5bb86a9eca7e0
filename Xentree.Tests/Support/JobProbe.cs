using System.Collections.Concurrent;
using System.Diagnostics;

namespace Xentree.Tests;

/// <summary>A job that tells in which trace it runs.</summary>
public static class JobProbe
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource<string?>> Runs = [];

    public static Task<string?> TraceOfAsync(string name) => Of(name).Task;

    public static void Run(string name) => Of(name).TrySetResult(Activity.Current?.TraceId.ToHexString());

    private static TaskCompletionSource<string?> Of(string name) =>
        Runs.GetOrAdd(name, _ => new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously));
}
