using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Xentree.Ai;

/// <summary>Traces and metrics of AI calls, named as OpenTelemetry's conventions for generative AI name them. No message text is in them.</summary>
internal static class AiTelemetry
{
    private const string Name = "Xentree.Ai";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("xentree.ai.tokens", "{token}", "Tokens used, as the provider counts them.");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("xentree.ai.failures", "{call}", "Calls that a provider did not answer to the end.");

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("xentree.ai.retries", "{call}", "Calls that were made again because they failed safely.");
    private static readonly Counter<long> PassedOvers = Meter.CreateCounter<long>("xentree.ai.failovers", "{call}", "Calls that went on to the next provider.");
    private static readonly Counter<long> ToolFailures = Meter.CreateCounter<long>("xentree.ai.tool_failures", "{call}", "Calls of tools that failed.");

    private static readonly Histogram<double> FirstToken =
        Meter.CreateHistogram<double>("xentree.ai.time_to_first_token", "s", "From the call to the first token of its answer.");

    public static Activity? StartChat(Provider provider)
    {
        var activity = Source.StartActivity($"chat {provider.DefaultModel.Name}", ActivityKind.Client);
        activity?.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.provider.name", provider.Id).SetTag("gen_ai.request.model", provider.DefaultModel.Name);
        return activity;
    }

    public static void Started(Provider provider, TimeSpan after) =>
        FirstToken.Record(after.TotalSeconds, KeyValuePair.Create<string, object?>("provider", provider.Id));

    public static void Used(Activity? activity, Provider provider, ChatUsage usage)
    {
        activity?.SetTag("gen_ai.usage.input_tokens", usage.PromptTokens).SetTag("gen_ai.usage.output_tokens", usage.CompletionTokens);
        Add("prompt", usage.PromptTokens);
        Add("completion", usage.CompletionTokens);

        void Add(string kind, int count) => Tokens.Add(
            count,
            KeyValuePair.Create<string, object?>("provider", provider.Id),
            KeyValuePair.Create<string, object?>("model", provider.DefaultModel.Name),
            KeyValuePair.Create<string, object?>("kind", kind));
    }

    public static void Failed(Activity? activity, Provider provider, string reason)
    {
        activity?.SetStatus(ActivityStatusCode.Error, reason).SetTag("error.type", reason);
        Failures.Add(1, KeyValuePair.Create<string, object?>("provider", provider.Id), KeyValuePair.Create<string, object?>("reason", reason));
    }

    public static void TriedAgain(string? reason)
    {
        Activity.Current?.AddEvent(new ActivityEvent("retry", tags: new() { ["reason"] = reason }));
        Retries.Add(1, KeyValuePair.Create<string, object?>("reason", reason));
    }

    /// <summary>The next provider is asked; the failed call's own span tells the same reason.</summary>
    public static void PassedOver(Provider provider, string reason)
    {
        Activity.Current?.AddEvent(new ActivityEvent("failover", tags: new() { ["provider"] = provider.Id, ["reason"] = reason }));
        PassedOvers.Add(1, KeyValuePair.Create<string, object?>("provider", provider.Id), KeyValuePair.Create<string, object?>("reason", reason));
    }

    public static Activity? StartTool(string tool)
    {
        var activity = Source.StartActivity($"execute_tool {tool}");
        activity?.SetTag("gen_ai.operation.name", "execute_tool").SetTag("gen_ai.tool.name", tool);
        return activity;
    }

    public static void ToolFailed(Activity? activity, string tool, string reason)
    {
        activity?.SetStatus(ActivityStatusCode.Error, reason).SetTag("error.type", reason);
        ToolFailures.Add(1, KeyValuePair.Create<string, object?>("tool", tool), KeyValuePair.Create<string, object?>("reason", reason));
    }
}
