using NodaTime.Text;
using Xentree.Data.Keys;
using Xentree.Domain;
using Xentree.Worker.Maintenance;

namespace Xentree.Worker;

/// <summary>What an operator can run from the command line: <c>Xentree.Worker -- &lt;verb&gt;</c>.</summary>
internal static class Verbs
{
    public delegate Task<int> Verb(IServiceProvider services, string[] args, CancellationToken cancellation);

    public static IReadOnlyDictionary<string, Verb> All { get; } = new Dictionary<string, Verb>
    {
        ["migrate"] = Migrate.RunAsync,
        ["rotate-keys"] = RotateKeysAsync,
        ["run"] = RunJobAsync,
        ["seed"] = Seed.RunAsync,
    };

    /// <summary><c>run &lt;job&gt; [--at &lt;instant&gt;]</c>: one job, now or as of an instant.</summary>
    private static async Task<int> RunJobAsync(IServiceProvider services, string[] args, CancellationToken cancellation)
    {
        if (args is not [var name, .. var rest] || Schedule.Jobs.All(job => job.Name != name))
        {
            await Console.Error.WriteLineAsync($"run <job> [--at <instant>]. The jobs are: {string.Join(", ", Schedule.Jobs.Select(job => job.Name))}.");
            return 2;
        }

        var at = services.GetRequiredService<TimeProvider>().Now;
        if (rest is ["--at", var text, ..])
        {
            if (InstantPattern.ExtendedIso.Parse(text) is not { Success: true } parsed)
            {
                await Console.Error.WriteLineAsync($"{text} is no instant such as 2026-03-01T12:00:00Z.");
                return 2;
            }

            if (parsed.Value > at)
            {
                await Console.Error.WriteLineAsync("A job cannot run as of an instant that has not come: it would close days that go on.");
                return 2;
            }

            at = parsed.Value;
        }

        await using var scope = services.CreateAsyncScope();
        var count = await scope.ServiceProvider.GetRequiredService<JobRunner>().RunAtAsync(name, at, cancellation);
        Console.WriteLine($"{name} dealt with {count}.");
        return 0;
    }

    private static async Task<int> RotateKeysAsync(IServiceProvider services, string[] args, CancellationToken cancellation)
    {
        var changed = await services.GetRequiredService<KeyRing>().RotateAsync(cancellation);
        Console.WriteLine($"{changed} keys are now encrypted under the key in force. Encryption:PreviousKeys can be emptied.");
        return 0;
    }
}
