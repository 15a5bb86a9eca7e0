using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Xentree.ServiceDefaults;

/// <summary>
/// Records the traces of requests, jobs and our own work, and passes over calls that nobody made: a queue that polls its database twice
/// a second would bury every trace that matters.
/// </summary>
internal sealed class RootSampler : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(samplingParameters.Kind == ActivityKind.Client ? SamplingDecision.Drop : SamplingDecision.RecordAndSample);
}
