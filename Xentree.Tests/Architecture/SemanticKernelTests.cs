using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xentree.Ai;
using Xentree.Domain.Conversations;

namespace Xentree.Tests.Architecture;

/// <summary>Semantic Kernel is behind one door, and every chat goes through its kernel.</summary>
public sealed class SemanticKernelTests
{
    [Theory]
    [InlineData("Xentree.Domain")]
    [InlineData("Xentree.Data")]
    [InlineData("Xentree.Api")]
    [InlineData("Xentree.Worker")]
    [InlineData("Xentree.ServiceDefaults")]
    [InlineData("Xentree.AppHost")]
    [InlineData("Xentree.Tests")]
    public void No_other_assembly_uses_a_type_of_an_AI_SDK(string assembly) => Assert.DoesNotContain(ReferencesOf(assembly), IsAiSdk);

    [Fact]
    public void Ai_does() => Assert.Contains("Microsoft.SemanticKernel.Abstractions", ReferencesOf("Xentree.Ai"));

    [Fact]
    public void The_public_surface_of_Ai_shows_none_of_its_types()
    {
        var shown =
            from type in typeof(ChatRouter).Assembly.GetExportedTypes()
            from member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            from used in TypesOf(member)
            from part in Parts(used)
            where IsAiSdk(part.Assembly.GetName().Name!)
            select $"{type.Name}.{member.Name}: {part.Name}";

        Assert.Empty(shown);
    }

    [Fact]
    public async Task A_chat_is_an_invocation_of_the_kernels_function()
    {
        var invoked = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Microsoft.SemanticKernel", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity => { lock (invoked) invoked.Add(activity.DisplayName); },
        };
        ActivitySource.AddActivityListener(listener);
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddSingleton(TimeProvider.System).AddLogging().AddXentreeAi().BuildServiceProvider();
        var turns = new ChatTurns([new ChatTurn(MessageRole.User, "Hello.")], "en");

        var answer = await services.GetRequiredService<ChatRouter>().StreamAsync(ChatRouter.Auto, turns, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.True(answer.Count > 1);
        Assert.NotNull(answer[^1].Usage);
        lock (invoked) Assert.Contains(invoked, name => name.Contains("chat", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_else_asks_a_chat_service()
    {
        // Two say what one is, and the kernel's one function asks it.
        var users = Directory.EnumerateFiles(Path.Combine(Repository.Root, "Xentree.Ai"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file) is var text && (text.Contains("IChatCompletionService", StringComparison.Ordinal) || text.Contains(".GetResponseAsync(", StringComparison.Ordinal)))
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal);

        Assert.Equal(["ChatKernel.cs", "ProviderClients.cs", "RulesTutor.cs"], users);
    }

    [Fact]
    public void Budget_telemetry_redaction_and_tools_are_filters_of_the_kernel()
    {
        var filters = typeof(ChatRouter).Assembly.GetTypes().Where(type => type.GetInterface("IFunctionInvocationFilter") is not null).Select(type => type.Name).Order(StringComparer.Ordinal);

        Assert.Equal(["BudgetFilter", "RedactionFilter", "TelemetryFilter", "ToolFilter"], filters);
    }

    private static bool IsAiSdk(string assembly) =>
        assembly.StartsWith("Microsoft.SemanticKernel", StringComparison.Ordinal) || assembly.StartsWith("Microsoft.Extensions.AI", StringComparison.Ordinal) || assembly is "OpenAI" or "Azure.AI.OpenAI" or "Anthropic" or "OllamaSharp";

    // What the compiler wrote down: only assemblies whose types are used.
    private static List<string> ReferencesOf(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static IEnumerable<Type> TypesOf(MemberInfo member) => member switch
    {
        MethodBase method => [.. method.GetParameters().Select(p => p.ParameterType), .. method is MethodInfo { ReturnType: var type } ? [type] : Type.EmptyTypes],
        PropertyInfo property => [property.PropertyType],
        FieldInfo field => [field.FieldType],
        _ => [],
    };

    private static IEnumerable<Type> Parts(Type type) => type.IsGenericType ? [type, .. type.GetGenericArguments().SelectMany(Parts)] : [type];
}
