using NodaTime;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Xp;

namespace Xentree.Tests.LearningTime;

/// <summary>
/// Rules X2 and X3 second by second, written from their text alone: slow, from the beginning each time, sharing nothing with the
/// code that it is held against but the types that carry its answers.
/// </summary>
internal sealed class NaiveLearning(XpRules rules, Func<int, LocalDate> dayOf)
{
    private readonly Dictionary<int, List<(int Second, SignalKind Kind)>> _conversations = [];
    private readonly Dictionary<int, int> _belated = [];
    private readonly Dictionary<LocalDate, int> _rows = [];

    public IReadOnlyDictionary<LocalDate, int> Rows => _rows;

    public int Total { get; private set; }

    public SignalKind? Tell(int conversation, SignalKind kind, int second)
    {
        if (!_conversations.TryGetValue(conversation, out var signals)) _conversations[conversation] = signals = [];
        if (kind is SignalKind.Activity or SignalKind.End)
        {
            // The last signal at or before this one must not be an end, and not 30 minutes back.
            var last = InOrder(signals).LastOrDefault(signal => signal.Second <= second, (Second: int.MinValue / 2, Kind: SignalKind.End));
            if (last.Kind == SignalKind.End || second - last.Second >= rules.SessionEndSeconds) return null;
            if (kind == SignalKind.End && signals.Any(signal => signal.Second > second)) kind = SignalKind.Activity;
        }

        signals.Add((second, kind));
        return kind;
    }

    public void TellBelated(int second, int seconds) => _belated[second] = _belated.GetValueOrDefault(second) + seconds;

    /// <summary>Pays what is due, and says which days got how many rows.</summary>
    public List<LocalDate> Pay(int now, Func<int, bool> liveOwns)
    {
        var counts = new bool[now + 1];
        foreach (var signals in _conversations.Values)
        {
            var ordered = InOrder(signals);
            for (var index = 0; index + 1 < ordered.Count; index++)
            {
                var (second, kind) = ordered[index];
                var next = ordered[index + 1].Second;
                if (kind == SignalKind.End || next - second >= rules.SessionEndSeconds) continue;
                for (var s = second; s < next && s < second + rules.GapSeconds && s <= now; s++) counts[s] = true;
            }
        }

        var reach = now - (rules.LateHours * 3_600) - rules.SessionEndSeconds;
        Dictionary<LocalDate, int> owed = [];
        List<LocalDate> reachable = [];
        Total = 0;
        for (var second = 0; second <= now; second++)
        {
            for (var s = _belated.GetValueOrDefault(second); s > 0; s--) Count(second, second);

            if (counts[second] && !liveOwns(second)) Count(second, second + 1);
        }

        List<LocalDate> paid = [];
        foreach (var day in reachable)
        {
            while (_rows.GetValueOrDefault(day) < owed[day] && _rows.Values.Sum() < Total / rules.SegmentSeconds)
            {
                _rows[day] = _rows.GetValueOrDefault(day) + 1;
                paid.Add(day);
            }
        }

        return paid;

        void Count(int second, int over)
        {
            Total++;
            if (Total % rules.SegmentSeconds != 0) return;
            var day = dayOf(second);
            if (owed.GetValueOrDefault(day) == rules.SegmentsPerDay) return;
            owed[day] = owed.GetValueOrDefault(day) + 1;
            if (over > reach && !reachable.Contains(day)) reachable.Add(day);
        }
    }

    private static List<(int Second, SignalKind Kind)> InOrder(List<(int Second, SignalKind Kind)> signals) =>
        [.. signals.OrderBy(signal => signal.Second)];
}
