using System.Xml.Linq;

namespace Xentree.Tests.Architecture;

/// <summary>Which room may use which: the project references, held against the table that the handbook draws.</summary>
public sealed class RoomTests
{
    public static TheoryData<string, string[]> Rooms => new()
    {
        { "Xentree.Domain", [] },
        { "Xentree.Data", ["Xentree.Domain"] },
        { "Xentree.Ai", ["Xentree.Domain"] },
        { "Xentree.ServiceDefaults", [] },
        { "Xentree.Api", ["Xentree.Ai", "Xentree.Data", "Xentree.Domain", "Xentree.ServiceDefaults"] },
        { "Xentree.Worker", ["Xentree.Ai", "Xentree.Data", "Xentree.Domain", "Xentree.ServiceDefaults"] },
    };

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_only_the_rooms_it_may_use(string room, string[] allowed)
    {
        var references = Items(room, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void The_domain_uses_no_package_but_NodaTime() => Assert.Equal(["NodaTime"], Items("Xentree.Domain", "PackageReference"));

    [Fact]
    public void Only_Ai_references_Semantic_Kernel()
    {
        var users = Rooms.Select(row => row.Data.Item1).Where(room => Items(room, "PackageReference").Any(IsAiSdk));

        Assert.Equal(["Xentree.Ai"], users);

        static bool IsAiSdk(string package) =>
            package.StartsWith("Microsoft.SemanticKernel", StringComparison.Ordinal) || package.StartsWith("Microsoft.Extensions.AI", StringComparison.Ordinal) || package is "OpenAI" or "Anthropic" or "OllamaSharp";
    }

    private static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Load(Path.Combine(Repository.Root, project, project + ".csproj"))
            .Descendants(kind)
            .Select(item => (string)item.Attribute("Include")!);
}
