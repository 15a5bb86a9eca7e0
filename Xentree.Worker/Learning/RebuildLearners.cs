using Microsoft.EntityFrameworkCore;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Learning;

namespace Xentree.Worker.Learning;

/// <summary>
/// <c>rebuild [--user &lt;username&gt;] [--repair]</c>: derives everything that is kept of learners from the inputs and the ledgers again, and
/// tells what differs. Ends with 1 when something differs and is not repaired.
/// </summary>
internal static class RebuildLearners
{
    private const int BatchSize = 500;

    public static async Task<int> RunAsync(IServiceProvider services, string[] args, CancellationToken cancellation)
    {
        var (username, repair) = (default(string), false);
        for (var rest = args; rest.Length > 0;)
        {
            switch (rest)
            {
                case ["--user", var name, .. var more]: (username, rest) = (name, more); break;
                case ["--repair", .. var more]: (repair, rest) = (true, more); break;
                default:
                    await Console.Error.WriteLineAsync("rebuild [--user <username>] [--repair]");
                    return 2;
            }
        }

        var (learners, differing, after) = (0, 0, Guid.Empty);
        while (true)
        {
            await using var scope = services.CreateAsyncScope();
            var batch = await NextAsync(scope.ServiceProvider.GetRequiredService<XentreeDbContext>(), username, after, cancellation);
            if (batch.Count == 0) break;

            var rebuild = scope.ServiceProvider.GetRequiredService<Rebuild>();
            foreach (var (userId, name) in batch)
            {
                if (await rebuild.RunAsync(userId, repair, cancellation) is not { } differences) continue;

                learners++;
                if (differences.Count > 0) differing++;
                foreach (var difference in differences) Console.WriteLine($"{name}: {difference.What} is {difference.Stored}, and should be {difference.Derived}");
            }

            after = batch[^1].UserId;
        }

        if (username is not null && learners == 0)
        {
            await Console.Error.WriteLineAsync($"There is no learner {username}.");
            return 2;
        }

        Console.WriteLine($"{learners} learners, {differing} differed{(repair && differing > 0 ? " and were repaired" : "")}.");
        return differing == 0 || repair ? 0 : 1;
    }

    private static async Task<List<(Guid UserId, string Username)>> NextAsync(XentreeDbContext context, string? username, Guid after, CancellationToken cancellation)
    {
        var users = context.Users.Where(u => u.Id > after);
        if (username is not null)
        {
            var key = User.Key(username);
            users = users.Where(u => u.UsernameKey == key);
        }

        var rows = await users.OrderBy(u => u.Id).Take(BatchSize).Select(u => new { u.Id, u.Username }).ToListAsync(cancellation);
        return [.. rows.Select(u => (u.Id, u.Username))];
    }
}
