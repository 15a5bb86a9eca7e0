using Xentree.Data.Keys;
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
    };

    private static async Task<int> RotateKeysAsync(IServiceProvider services, string[] args, CancellationToken cancellation)
    {
        var changed = await services.GetRequiredService<KeyRing>().RotateAsync(cancellation);
        Console.WriteLine($"{changed} keys are now encrypted under the key in force. Encryption:PreviousKeys can be emptied.");
        return 0;
    }
}
