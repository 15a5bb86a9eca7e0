using NodaTime;

namespace Xentree.Domain.Streaks;

/// <summary>
/// The first law: a streak is a fold over append-only inputs, each of which takes effect when it happened. It costs what the
/// active dates since the checkpoint cost, however long an absence was (S9), and reading is only folding.
/// </summary>
public static class Streak
{
    /// <summary>The state at an instant.</summary>
    /// <param name="from">Where to begin: <see cref="Checkpoint.Genesis"/>, or a later checkpoint that <see cref="Checkpoint.Holds"/>.</param>
    /// <param name="inputs">The user's inputs, at least those from the checkpoint on; best in <see cref="Input.InOrder"/>.</param>
    /// <param name="outages">The outages that stand.</param>
    /// <param name="rules">Every version of the rules.</param>
    /// <param name="to">The instant; inputs of it count, later ones do not.</param>
    /// <exception cref="ArgumentException">The checkpoint is later than the instant, or does not hold.</exception>
    public static Chain Fold(Checkpoint from, IReadOnlyList<Input> inputs, Outages outages, StreakRulebook rules, Instant to) =>
        Run(from, inputs, outages, rules, to + Duration.Epsilon).ToChain(to);

    /// <summary>
    /// The checkpoint of an instant, to begin later folds at. Keep none of after <see cref="StreakRules.CheckpointHorizon"/>, and
    /// none of after the instant of an input that was recorded since: such an input would be passed over.
    /// </summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="inputs">The user's inputs, at least those from <paramref name="from"/> on.</param>
    /// <param name="outages">The outages that stand.</param>
    /// <param name="rules">Every version of the rules.</param>
    /// <param name="at">The instant; inputs of it are not held.</param>
    /// <exception cref="ArgumentException"><paramref name="from"/> is later than the instant, or does not hold.</exception>
    public static Checkpoint CheckpointAt(Checkpoint from, IReadOnlyList<Input> inputs, Outages outages, StreakRulebook rules, Instant at)
    {
        // A checkpoint's instant has the precision of its JSON, and must not leave out an input of the rest.
        at = Instant.FromDateTimeOffset(at.ToDateTimeOffset());

        return Run(from, inputs, outages, rules, at).ToCheckpoint(at);
    }

    private static Course Run(Checkpoint from, IReadOnlyList<Input> inputs, Outages outages, StreakRulebook rules, Instant end)
    {
        var start = Instant.FromDateTimeOffset(from.At);
        if (end < start) throw new ArgumentException("A fold goes forward from its checkpoint.", nameof(from));
        if (!from.Holds(outages)) throw new ArgumentException("The checkpoint was made with other outages or another tz database.", nameof(from));

        var course = new Course(from, outages, rules);
        foreach (var input in InOrder(inputs))
        {
            if (input.At >= end) break;
            if (input.At >= start) course.Take(input);
        }

        course.Pass(end - Duration.Epsilon);
        return course;
    }

    private static IReadOnlyList<Input> InOrder(IReadOnlyList<Input> inputs)
    {
        for (var i = 1; i < inputs.Count; i++)
        {
            if (Input.InOrder.Compare(inputs[i - 1], inputs[i]) > 0) return [.. inputs.Order(Input.InOrder)];
        }

        return inputs;
    }
}
