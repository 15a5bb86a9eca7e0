using System.Collections.Immutable;
using NodaTime;

namespace Xentree.Domain.Streaks;

/// <summary>Every version of the streak rules, each in force until the next one is: a fold over years uses several.</summary>
public sealed class StreakRulebook
{
    private readonly ImmutableArray<StreakRules> _versions;

    /// <summary>A rulebook.</summary>
    /// <param name="versions">At least one, by version and by instant; the first is in force before its own instant, too.</param>
    /// <exception cref="ArgumentException">There is none, one is invalid, or they are out of order.</exception>
    public StreakRulebook(params IEnumerable<StreakRules> versions)
    {
        _versions = [.. versions.Select(version => version.Validated())];
        if (_versions.IsEmpty) throw new ArgumentException("A rulebook has at least one version.", nameof(versions));

        for (var i = 1; i < _versions.Length; i++)
        {
            if (_versions[i].Version <= _versions[i - 1].Version || _versions[i].EffectiveFrom <= _versions[i - 1].EffectiveFrom)
                throw new ArgumentException("A later version has a higher number and takes effect later.", nameof(versions));
        }
    }

    /// <summary>The published numbers alone.</summary>
    public static StreakRulebook Default { get; } = new(StreakRules.Default);

    /// <summary>The rules in force at an instant.</summary>
    /// <param name="at">The instant.</param>
    public StreakRules At(Instant at)
    {
        var i = _versions.Length - 1;
        while (i > 0 && _versions[i].EffectiveFrom > at) i--;

        return _versions[i];
    }
}
