using System.Runtime.InteropServices;

namespace Xentree.AppHost.Embedded;

/// <summary>Where programs are.</summary>
internal static class Executables
{
    /// <summary>The folder of this assembly's own extra files.</summary>
    public static string Folder { get; } = Path.Combine(Path.GetDirectoryName(typeof(Executables).Assembly.Location)!, "embedded");

    /// <summary>The <c>dotnet</c> that runs this process, which need not be on the path.</summary>
    public static string Dotnet { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>Looks a program up on the path.</summary>
    /// <returns>Its full path, or null.</returns>
    public static string? Find(string name)
    {
        string[] names = OperatingSystem.IsWindows() ? [name + ".exe", name + ".cmd"] : [name];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(folder => names.Select(file => Path.Combine(folder, file))).FirstOrDefault(File.Exists);
    }
}
