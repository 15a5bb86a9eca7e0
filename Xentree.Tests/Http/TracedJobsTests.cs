using System.Diagnostics;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xentree.ServiceDefaults;

namespace Xentree.Tests.Http;

public sealed class TracedJobsTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_job_runs_in_the_trace_of_the_request_that_enqueued_it()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Xentree", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddJobQueue(api.Database, connections: 5);
        builder.Services.AddHangfireServer();
        using var worker = builder.Build();
        await worker.StartAsync(TestContext.Current.CancellationToken);
        using var source = new ActivitySource("Xentree.Tests");

        var name = ApiServer.UniqueName();
        using var request = source.StartActivity("request")!;
        api.Services.GetRequiredService<IBackgroundJobClient>().Enqueue(() => JobProbe.Run(name));

        Assert.Equal(request.TraceId.ToHexString(), await JobProbe.TraceOfAsync(name).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        await worker.StopAsync(TestContext.Current.CancellationToken);
    }
}
