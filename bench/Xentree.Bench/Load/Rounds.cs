namespace Xentree.Bench.Load;

/// <summary>
/// The same load on several candidates, in turns: A B C, A B C, … What disturbs the machine for a while disturbs them all, and the ratio
/// of two candidates is taken within a round.
/// </summary>
internal sealed class Rounds
{
    private readonly Dictionary<string, List<Sample>> _samples = [];

    private Rounds()
    {
    }

    /// <summary>Warms every candidate up, and then measures.</summary>
    /// <param name="plan">How long and how often.</param>
    /// <param name="candidates">The names and the calls.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static async Task<Rounds> RunAsync(Plan plan, IReadOnlyList<(string Name, Func<int, Task> Call)> candidates, CancellationToken cancellation)
    {
        var rounds = new Rounds();
        foreach (var (name, call) in candidates)
        {
            rounds._samples[name] = [];
            await Spell.RunAsync(plan.Workers, plan.WarmUp, call, cancellation);
        }

        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var (name, call) in candidates) rounds._samples[name].Add(await Spell.RunAsync(plan.Workers, plan.Duration, call, cancellation));
        }

        return rounds;
    }

    /// <summary>A figure of a candidate over the rounds.</summary>
    public Spread Of(string name, Func<Sample, double> figure) => new([.. _samples[name].Select(figure)]);

    /// <summary>A figure of one candidate over that of another, round by round.</summary>
    public Spread Ratio(string name, string baseline, Func<Sample, double> figure) =>
        new([.. _samples[name].Zip(_samples[baseline], (one, other) => figure(one) / figure(other))]);
}

/// <summary>How a load is run.</summary>
/// <param name="Workers">How many call at once.</param>
/// <param name="WarmUp">How long before anything is measured.</param>
/// <param name="Duration">How long a round measures a candidate.</param>
/// <param name="Rounds">How many rounds.</param>
internal sealed record Plan(int Workers, TimeSpan WarmUp, TimeSpan Duration, int Rounds);
