using Xentree.Bench.Hosts;
using Xentree.Bench.Report;

namespace Xentree.Bench;

/// <summary>One thing that is measured, with its baseline. It gets an empty database of its own, migrated, and reports what it saw.</summary>
internal interface IBenchmark
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Its title in the report.</summary>
    string Title { get; }

    /// <summary>Measures.</summary>
    /// <param name="database">The servers and a database.</param>
    /// <param name="isQuick">Whether it is only tried.</param>
    /// <param name="report">Takes tables and targets.</param>
    /// <param name="cancellation">Ends the run.</param>
    Task RunAsync(BenchDatabase database, bool isQuick, BenchReport report, CancellationToken cancellation);
}
