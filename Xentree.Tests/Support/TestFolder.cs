using Xentree.AppHost.Embedded;

namespace Xentree.Tests;

/// <summary>Where the servers of one test run keep their data. A run that was killed cannot tidy up: the next one does.</summary>
internal sealed class TestFolder : IAsyncDisposable
{
    private const string Parent = "tests";

    private readonly FileLock _inUse;
    private readonly string _path;
    private int _next;

    private TestFolder(StateFolder state, string path, FileLock inUse)
    {
        State = state;
        _path = path;
        _inUse = inUse;
    }

    public StateFolder State { get; }

    public static TestFolder Create()
    {
        var state = StateFolder.Open(Environment.GetEnvironmentVariable(StateFolder.Setting));
        var parent = state.Create(Parent);
        foreach (var abandoned in Directory.EnumerateFiles(parent, "*.lock")) Reap(abandoned);

        var name = $"{Environment.ProcessId}-{Path.GetRandomFileName()}";
        var inUse = FileLock.TryTake(Path.Combine(parent, name + ".lock"))!;
        return new(state, state.Create(Parent, name), inUse);
    }

    /// <summary>A folder for one more server.</summary>
    public string Next(string name) => Path.Combine(_path, $"{name}-{Interlocked.Increment(ref _next)}");

    /// <summary>Deletes the data; a server that is still on its way out may write a last file meanwhile.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var attempt = 1; Directory.Exists(_path); attempt++)
        {
            try
            {
                Directory.Delete(_path, recursive: true);
            }
            catch (IOException) when (attempt < 50)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }

        _inUse.Dispose();
        File.Delete(_path + ".lock");
    }

    /// <summary>The lock is free: the run that took it is over, and its servers ended with it.</summary>
    private static void Reap(string lockFile)
    {
        using var free = FileLock.TryTake(lockFile);
        if (free is null) return;

        var folder = Path.ChangeExtension(lockFile, null);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        File.Delete(lockFile);
    }
}
