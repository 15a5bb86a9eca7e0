using Xentree.AppHost.Embedded;
using Xentree.Bench;
using Xentree.Bench.Hosts;
using Xentree.Bench.Report;

IBenchmark[] all = [new HotReads(), new RecordingEvents(), new PulseOfMany(), new RolloverOfMany(), new ChatTurns(), new KnowledgeOfMany()];
if (Options.Parse(args, all) is not { } options)
{
    await Console.Error.WriteLineAsync($"Usage: Xentree.Bench [--quick] [--out <file>] [{string.Join("] [", all.Select(benchmark => benchmark.Name))}]");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

try
{
    var report = new BenchReport(await Machine.DescribeAsync(options.IsQuick));
    await using var servers = await BenchServers.StartAsync(stop.Token);
    foreach (var benchmark in options.Benchmarks)
    {
        report.Begin(benchmark.Title);
        await using var database = await servers.CreateDatabaseAsync(benchmark.Name, stop.Token);
        await benchmark.RunAsync(database, options.IsQuick, report, stop.Token);
        Console.WriteLine(report.LastSection);
    }

    Console.WriteLine(report.Summary);
    if (options.OutputFile is not { } file) return 0;

    await File.WriteAllTextAsync(file, report.ToString(), stop.Token);
    Console.WriteLine($"Written to {file}.");
    return 0;
}
catch (SetupException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
