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

    private static readonly Histogram<double> FirstToken =
        Meter.CreateHistogram<double>("xentree.ai.time_to_first_token", "s", "From the call to the first token of its answer.");

    public static Activity? StartChat(Provider provider)
    {
        var activity = Source.StartActivity($"chat {provider.DefaultModel}", ActivityKind.Client);
        activity?.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.provider.name", provider.Id).SetTag("gen_ai.request.model", provider.DefaultModel);
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
            KeyValuePair.Create<string, object?>("model", provider.DefaultModel),
            KeyValuePair.Create<string, object?>("kind", kind));
    }

    public static void Failed(Activity? activity, Provider provider, string reason)
    {
        activity?.SetStatus(ActivityStatusCode.Error, reason).SetTag("error.type", reason);
        Failures.Add(1, KeyValuePair.Create<string, object?>("provider", provider.Id), KeyValuePair.Create<string, object?>("reason", reason));
    }
}
