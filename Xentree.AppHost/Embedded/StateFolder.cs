using System.Security.Cryptography;
using System.Text;

namespace Xentree.AppHost.Embedded;

/// <summary>
/// Where servers and their data live: outside the clone, because a clone may lie where only root may enter, and PostgreSQL never runs as root.
/// </summary>
public sealed class StateFolder
{
    /// <summary>The name of the setting that moves the folder.</summary>
    public const string Setting = "XENTREE_STATE";

    private StateFolder(string root) => Root = root;

    /// <summary>The folder itself.</summary>
    public string Root { get; }

    /// <summary>What is fetched, shared by all clones, because it depends on nothing but the lock file.</summary>
    public string Packages => Path.Combine(Root, "packages");

    /// <summary>Finds the folder.</summary>
    /// <param name="configured">What the setting <see cref="Setting"/> says, if anything.</param>
    /// <returns>The folder that was asked for, or the system's place for such data.</returns>
    public static StateFolder Open(string? configured)
    {
        var root = configured is { Length: > 0 } ? Path.GetFullPath(configured) : Default();
        try
        {
            CreateOpen(root);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"The folder {root} for the servers' data cannot be created ({fault.Message}).", $"Name another one in {Setting}.");
        }

        return new(root);
    }

    /// <summary>The folder of one clone's data.</summary>
    /// <param name="clone">The clone's path.</param>
    /// <returns>A folder that no other clone uses, with a name that a person can recognise.</returns>
    public string Instance(string clone)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(clone));
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12];
        return Create("instances", $"{Path.GetFileName(path)}-{key}");
    }

    /// <summary>Creates a folder that the servers' users may pass through.</summary>
    /// <param name="names">The folder's path below this one.</param>
    /// <returns>Its full path.</returns>
    public string Create(params ReadOnlySpan<string> names)
    {
        var path = Root;
        foreach (var name in names)
        {
            path = Path.Combine(path, name);
            CreateOpen(path);
        }

        return path;
    }

    /// <summary>Creates a folder that the servers' users may pass through.</summary>
    internal static void CreateOpen(string path)
    {
        if (Directory.Exists(path)) return;

        Directory.CreateDirectory(path);
        if (OperatingSystem.IsWindows()) return;

        // Whatever the caller's umask: what is secret has modes of its own.
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    private static string Default()
    {
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess) return "/var/lib/xentree";

        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(data.Length > 0 ? data : Path.GetTempPath(), "xentree");
    }
}
