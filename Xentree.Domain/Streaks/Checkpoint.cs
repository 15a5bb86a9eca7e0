using NodaTime;
using Xentree.Domain.Days;

namespace Xentree.Domain.Streaks;

/// <summary>
/// All that a fold needs of what happened before an instant: folding the inputs from there on equals folding them all. A cache
/// and nothing more; plain members, to be stored as JSON.
/// </summary>
/// <param name="At">The instant: inputs of before it are in, inputs of it and later are not.</param>
/// <param name="Zone">The IANA id of the zone in force.</param>
/// <param name="Today">The local date then.</param>
/// <param name="Frontier">The chain up to today.</param>
/// <param name="Past">The chain up to yesterday, the day before and the one before that: a flight west may open them again.</param>
/// <param name="Trail">The dates of the last year, and those after today that were today before a flight west.</param>
/// <param name="Peak">The longest current streak so far, in active days.</param>
/// <param name="LastActive">The latest active date.</param>
/// <param name="OutageDigest">Says which outages it holds; null when it holds for any.</param>
/// <param name="Basis">The form of the fold and the release of the tz database that it was made with.</param>
public sealed record Checkpoint(
    DateTimeOffset At,
    string Zone,
    DateOnly Today,
    Frontier Frontier,
    IReadOnlyList<Frontier> Past,
    Trail Trail,
    int Peak,
    DateOnly? LastActive,
    ulong? OutageDigest,
    string Basis)
{
    /// <summary>How many past frontiers are kept. From the furthest zone east to the furthest west it is two dates.</summary>
    internal const int Reach = 3;

    /// <summary>The <see cref="Basis"/> of checkpoints made now. Raise the number when the fold gives other answers than before.</summary>
    internal static string CurrentBasis { get; } = $"1 {Zones.DatabaseVersion}";

    /// <summary>Where every fold begins: registration. No outage makes it invalid.</summary>
    /// <param name="registeredAt">When the user registered.</param>
    /// <param name="zone">The IANA id of the zone given then.</param>
    public static Checkpoint Genesis(Instant registeredAt, string zone)
    {
        var today = LocalDays.DateOf(Zones.Get(zone), registeredAt);
        var trail = new Trail(today.PlusDays(-Reach).ToDateOnly(), new string(Trail.Unregistered, Reach) + Trail.Open);

        return new Checkpoint(Truncated(registeredAt), zone, today.ToDateOnly(), default, new Frontier[Reach], trail, 0, null, null, CurrentBasis);
    }

    /// <summary>
    /// Whether a fold may begin here: the outages that stand now bridge what they bridged when the checkpoint was taken, and the tz
    /// database is the same. If not, fold from an older checkpoint for which this holds, or from genesis.
    /// </summary>
    /// <param name="outages">The outages that stand now.</param>
    public bool Holds(Outages outages) =>
        Basis == CurrentBasis && (OutageDigest is not { } digest || digest == outages.DigestBefore(DigestEnd));

    /// <summary>No outage that begins later can have bridged a day up to today: no zone has a day that is longer than this.</summary>
    internal Instant DigestEnd => Instant.FromDateTimeOffset(At) + Duration.FromHours(30);

    /// <summary>An instant as <see cref="DateTimeOffset"/> holds it: in ticks of 100 ns, rounded down.</summary>
    internal static DateTimeOffset Truncated(Instant at) => at.ToDateTimeOffset();
}
