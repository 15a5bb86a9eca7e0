using NodaTime;

namespace Xentree.Domain.Xp;

/// <summary>What a ledger row was awarded for.</summary>
public enum XpSource
{
    /// <summary>A segment of conversation time (X3).</summary>
    Conversations,

    /// <summary>An attempt at a task of the course (X4).</summary>
    Xel,

    /// <summary>A minute of a live session (X5).</summary>
    Live,
}

/// <summary>A row of the XP ledger: written once, never changed, unique on user, source and source id (X1).</summary>
/// <param name="Source">What it was awarded for.</param>
/// <param name="SourceId">Which one: day and ordinal of a segment, the attempt's id, session and minute.</param>
/// <param name="Base">XP before any booster.</param>
/// <param name="Multiplier">The one booster that held, or 1.</param>
/// <param name="Amount">XP awarded: the product, rounded down once (X6).</param>
/// <param name="At">When what it is for happened.</param>
/// <param name="Day">The local day that it counts for.</param>
public sealed record XpAward(XpSource Source, string SourceId, long Base, decimal Multiplier, long Amount, Instant At, LocalDate Day)
{
    /// <summary>The row for something that happened.</summary>
    /// <param name="source">What it is awarded for.</param>
    /// <param name="sourceId">Which one.</param>
    /// <param name="baseXp">XP before any booster, from 0.</param>
    /// <param name="at">When it happened: the booster of that instant counts.</param>
    /// <param name="day">The local day that it counts for.</param>
    /// <param name="boosters">The user's boosters, in any order.</param>
    public static XpAward Of(XpSource source, string sourceId, long baseXp, Instant at, LocalDate day, IEnumerable<Booster> boosters)
    {
        ArgumentException.ThrowIfNullOrEmpty(sourceId);
        ArgumentOutOfRangeException.ThrowIfNegative(baseXp);
        var multiplier = Booster.ActiveAt(boosters, at)?.Multiplier ?? 1m;
        return new XpAward(source, sourceId, baseXp, multiplier, (long)decimal.Floor(baseXp * multiplier), at, day);
    }

    /// <summary>Whether both stand for one thing, so that only the first awards.</summary>
    /// <param name="other">The row that is there.</param>
    public bool HasIdOf(XpAward other) => (Source, SourceId) == (other.Source, other.SourceId);

    /// <summary>
    /// Whether this is the other, sent again. The same id with other content is a conflict. The multiplier is no content: it is
    /// the ledger's to say, and a retry may come when other boosters are known.
    /// </summary>
    /// <param name="other">The row that is there.</param>
    public bool Repeats(XpAward other) => HasIdOf(other) && (Base, At) == (other.Base, other.At);
}
