namespace Xentree.AppHost.Embedded;

/// <summary>The user as whom PostgreSQL runs when we are root, which it refuses to be.</summary>
/// <param name="Name">The user's name.</param>
/// <param name="Id">The user's number.</param>
/// <param name="Group">The number of the user's group.</param>
/// <param name="Setpriv">The program that changes users.</param>
internal sealed record ServerUser(string Name, string Id, string Group, string Setpriv)
{
    /// <summary>The arguments that come before the command.</summary>
    public IEnumerable<string> Options => ["--reuid", Id, "--regid", Group, "--clear-groups"];

    /// <summary>Whom to become: null when we may stay who we are.</summary>
    public static ServerUser? Find()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return null;

        var setpriv = Executables.Find("setpriv") ?? throw new SetupException(
            "PostgreSQL refuses to run as root, and there is no setpriv to start it as somebody else.",
            "Install util-linux, or start as an ordinary user.");

        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToLookup(fields => fields[0]);
        var account = accounts["postgres"].Concat(accounts["nobody"]).FirstOrDefault() ?? throw new SetupException(
            "PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody.",
            "Create one, or start as an ordinary user.");

        return new(account[0], account[2], account[3], setpriv);
    }
}
