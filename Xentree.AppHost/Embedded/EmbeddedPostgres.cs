using System.Security.Cryptography;
using Npgsql;

namespace Xentree.AppHost.Embedded;

/// <summary>PostgreSQL with its data and its password side by side, so that neither is lost without the other.</summary>
/// <param name="packages">What was fetched.</param>
/// <param name="folder">Where the data and the password are kept.</param>
/// <param name="durable">Whether what is committed must outlive a crash of the machine; tests do without.</param>
public sealed class EmbeddedPostgres(EmbeddedPackages packages, string folder, bool durable) : IEmbeddedServer
{
    private const string Major = "18";
    private const string Superuser = "postgres";

    private readonly ServerUser? _user = ServerUser.Find();

    /// <inheritdoc/>
    public string ReadyLine => "database system is ready to accept connections";

    private string Data => Path.Combine(folder, "data");

    private string PasswordFile => Path.Combine(folder, "password");

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await CreateFolderAsync(cancellationToken);
        await CheckBinariesAsync(cancellationToken);

        var version = Path.Combine(Data, "PG_VERSION");
        if (!File.Exists(version))
        {
            await InitializeAsync(cancellationToken);
            return;
        }

        var major = (await File.ReadAllTextAsync(version, cancellationToken)).Trim();
        if (major != Major)
        {
            throw new SetupException(
                $"The data in {Data} was written by PostgreSQL {major}, and this version of Xentree runs PostgreSQL {Major}.",
                $"Dump it with the old version and restore it, or start afresh by moving {folder} away.");
        }

        if (!File.Exists(PasswordFile))
        {
            throw new SetupException($"The password {PasswordFile} of the data beside it is gone.", $"Put it back, or start afresh by moving {folder} away.");
        }
    }

    /// <inheritdoc/>
    public ServerCommand Command(int port)
    {
        string[] settings =
        [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            "log_min_messages=warning",
            "log_checkpoints=off",
            .. durable ? [] : (string[])["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"],
        ];
        string[] command =
        [
            Path.Combine(packages.PostgresBinaries, "postgres"),
            "-D", Data,
            "-p", $"{port}",
            .. settings.SelectMany(setting => (string[])["-c", setting]),
        ];

        // INT is PostgreSQL's fast shutdown; TERM would wait for every client to leave.
        return _user is null
            ? new(command[0], command[1..], folder, "INT")
            : new(_user.Setpriv, [.. _user.Options, "--pdeathsig", "INT", .. command], folder, "INT");
    }

    /// <inheritdoc/>
    public string ConnectionString(int port) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = Superuser,
        Password = File.ReadAllText(PasswordFile).Trim(),
    }.ConnectionString;

    /// <inheritdoc/>
    public async Task PingAsync(int port, CancellationToken cancellationToken) =>
        await ExecuteAsync(ConnectionString(port), "SELECT 1", cancellationToken);

    /// <summary>Creates a database unless it is there.</summary>
    /// <param name="port">The loopback port that the server listens on.</param>
    /// <param name="database">The database's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task.</returns>
    public async Task CreateDatabaseAsync(int port, string database, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(ConnectionString(port), $"CREATE DATABASE \"{database}\"", cancellationToken);
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            // It was there.
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString + ";Pooling=false;Database=postgres");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task CreateFolderAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        if (_user is not null) await RunAsync("chown", [$"{_user.Id}:{_user.Group}", folder], "own its data", cancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task CheckBinariesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsUserAsync("postgres", ["--version"], "start", cancellationToken);
        }
        catch (SetupException) when (_user is not null)
        {
            throw new SetupException(
                $"The user {_user.Name}, as whom PostgreSQL runs because it refuses to run as root, cannot reach {packages.PostgresBinaries}.",
                $"Name a folder that every user may enter in {StateFolder.Setting}.");
        }
    }

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        // Built under another name and renamed at the end, so that a data folder is always a whole one.
        var unfinished = Path.Combine(folder, "data.unfinished");
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        if (Directory.Exists(Data)) Directory.Move(Data, $"{Data}.broken-{Path.GetRandomFileName()}");

        await File.WriteAllTextAsync(PasswordFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)), cancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(PasswordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (_user is not null) await RunAsync("chown", [$"{_user.Id}:{_user.Group}", PasswordFile], "read its password", cancellationToken);

        string[] options =
        [
            "-D", unfinished,
            "-U", Superuser,
            "--auth=scram-sha-256",
            $"--pwfile={PasswordFile}",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            .. durable ? [] : (string[])["--no-sync"],
        ];
        await RunAsUserAsync("initdb", options, "create its data", cancellationToken);
        Directory.Move(unfinished, Data);
    }

    private Task RunAsUserAsync(string program, string[] arguments, string purpose, CancellationToken cancellationToken)
    {
        var path = Path.Combine(packages.PostgresBinaries, program);
        return _user is null
            ? RunAsync(path, arguments, purpose, cancellationToken)
            : RunAsync(_user.Setpriv, [.. _user.Options, path, .. arguments], purpose, cancellationToken);
    }

    private async Task RunAsync(string program, string[] arguments, string purpose, CancellationToken cancellationToken)
    {
        var (exitCode, tail) = await ChildProcess.RunAsync(program, arguments, folder, cancellationToken: cancellationToken);
        if (exitCode != 0)
        {
            throw new SetupException(
                $"PostgreSQL could not {purpose} in {folder}: {tail.Trim()}.",
                $"Free the folder or the disk, or name another folder in {StateFolder.Setting}.");
        }
    }
}
