using NodaTime;
using Xentree.Data.LearningTime;
using Xentree.Domain.Days;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Xp;

namespace Xentree.Data.Learning;

/// <summary>What follows from recorded signals, for the write path and for a rebuild alike.</summary>
internal static class LearningHistory
{
    /// <summary>The counted time of all conversations, belated signals too.</summary>
    public static TimeUnion CountedOf(IEnumerable<SignalRow> signals, XpRules rules) => TimeUnion.Of(signals
        .GroupBy(signal => signal.ConversationId)
        .SelectMany(conversation => LearningSession.Of(conversation.Select(row => row.ToSignal()), rules))
        .SelectMany(session => session.Counted.Parts));

    /// <summary>The seconds that belated signals have claimed: they count as they were told, and not where they lie.</summary>
    public static TimeUnion ClaimedBy(IEnumerable<BelatedTimeRow> belated) => TimeUnion.Of(belated.Select(row => new Interval(row.StartsAt, row.EndsAt)));

    /// <summary>How many sessions of one conversation began on which day: the day that was stored with the first signal. Belated signals begin none.</summary>
    public static Dictionary<LocalDate, int> SessionsByDay(IEnumerable<SignalRow> conversation, XpRules rules)
    {
        List<SignalRow> signals = [.. conversation.Where(signal => !signal.IsBelated)];
        return LearningSession.Of(signals.Select(row => row.ToSignal()), rules)
            .CountBy(session => signals.First(signal => signal.OccurredAt == session.StartedAt).Date)
            .ToDictionary();
    }

    /// <summary>The local day of an instant, in the zone then in force.</summary>
    public static LocalDaySpan DayAt(ZoneHistory zones, Instant at)
    {
        var zone = Zones.Get(zones.At(at));
        var until = LocalDays.EndOf(zone, at);
        return new LocalDaySpan(LocalDays.DateOf(zone, at), zones.NextChangeAfter(at) is { } change && change < until ? change : until);
    }
}
