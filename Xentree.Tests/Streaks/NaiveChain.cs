using NodaTime;
using Xentree.Domain.Streaks;

namespace Xentree.Tests.Streaks;

/// <summary>
/// The rules once more, written from their text alone, slow and without an idea: each question walks the clock from registration
/// by quarter hours (midnights lie on them), keeps sets, counts by walking back, and adds up a ledger of savers again each time.
/// </summary>
internal sealed class NaiveChain
{
    private static readonly Duration Quarter = Duration.FromMinutes(15);

    private readonly Instant _registeredAt;
    private readonly Input[] _inputs;
    private readonly Outage[] _outages;

    private readonly HashSet<LocalDate> _active = [];
    private readonly Dictionary<LocalDate, string> _closed = [];
    private readonly HashSet<LocalDate> _hadOutage = [];
    private readonly List<(string Entry, LocalDate Date)> _ledger = [];
    private readonly HashSet<(LocalDate Start, int Multiple)> _granted = [];
    private readonly SortedDictionary<LocalDate, (Instant At, int Length)> _breaks = [];
    private readonly Dictionary<string, HashSet<LocalDate>> _outageDates = [];
    private DateTimeZone _zone;
    private LocalDate _today;
    private Instant _clock;
    private int _peak;

    public NaiveChain(Instant registeredAt, string zone, IEnumerable<Input> inputs, IEnumerable<Outage> outages)
    {
        _registeredAt = registeredAt;
        _zone = DateTimeZoneProviders.Tzdb[zone];
        _inputs = [.. inputs.OrderBy(input => input.At).ThenBy(input => input.Order)];
        _outages = [.. outages];
        _clock = registeredAt;
        _today = DateIn(_zone, registeredAt);
    }

    public string At(Instant now)
    {
        foreach (var input in _inputs.Where(input => input.At <= now))
        {
            switch (input)
            {
                case Activity activity when activity.Date < DateIn(_zone, activity.At):
                    // XP of the second before midnight: time has not passed that day yet, unless something else let it pass.
                    WalkTo(activity.At, activity.Date);
                    if (activity.Date < _today) ActiveOnAClosedDate(activity.Date, activity.At);
                    else _active.Add(activity.Date);
                    break;
                case Activity activity:
                    WalkTo(activity.At);
                    _active.Add(activity.Date);
                    break;
                case SaverPurchase:
                    WalkTo(input.At);
                    _ledger.Add(("buy", _today));
                    break;
                case ZoneChange change:
                    WalkTo(change.At - Duration.FromNanoseconds(1));
                    ChangeZone(DateTimeZoneProviders.Tzdb[change.Zone], change.At);
                    break;
            }

            Grant();
            _peak = Math.Max(_peak, Chain().Count);
        }

        WalkTo(now);
        return Told();
    }

    private void WalkTo(Instant to, LocalDate? notFurtherThan = null)
    {
        while (true)
        {
            var next = NextQuarter(_clock);
            if (next > to) break;
            var date = DateIn(_zone, next);
            if (date > _today && _today >= notFurtherThan) return;

            if (date > _today)
            {
                Over(_today, next);
                for (var lacked = _today.PlusDays(1); lacked < date; lacked = lacked.PlusDays(1)) _closed[lacked] = "bridged, lacked";
                _today = date;
            }

            _clock = next;
        }
    }

    private void ChangeZone(DateTimeZone zone, Instant at)
    {
        var there = DateIn(zone, at);
        if (OutageDates(_zone).Contains(_today)) _hadOutage.Add(_today);

        if (there > _today && DateIn(_zone, at) > _today)
        {
            Over(_today, at);
            _today = _today.PlusDays(1);
        }

        var jumped = new List<LocalDate>();
        for (var date = _today; date < there; date = date.PlusDays(1)) jumped.Add(date);

        foreach (var date in jumped.Where(date => OutageDates(_zone).Contains(date) || OutageDates(zone).Contains(date))) _hadOutage.Add(date);
        var inactive = jumped
            .Where(date => !_active.Contains(date) && !_hadOutage.Contains(date) && !Lacks(_zone, date) && !Lacks(zone, date))
            .ToList();

        foreach (var date in jumped)
        {
            _today = date;
            if (_active.Contains(date)) continue;
            if (!inactive.Contains(date)) _closed[date] = "bridged";
            else if (date == inactive[0] && !Enumerable.Range(1, 6).Any(back => _closed.GetValueOrDefault(date.PlusDays(-back)) == "bridged, zone"))
                _closed[date] = "bridged, zone";
            else Miss(date, at);
        }

        if (there < _today) OpenFrom(there);
        _today = there;
        _zone = zone;
        if (_clock < at) _clock = at;
    }

    private void ActiveOnAClosedDate(LocalDate date, Instant at)
    {
        if (!_active.Add(date)) return;
        var today = _today;
        var was = new Dictionary<LocalDate, string>(_closed);
        OpenFrom(date);
        _today = date;
        Grant();

        for (; _today < today; _today = _today.PlusDays(1))
        {
            if (_active.Contains(_today)) continue;
            if (was[_today].StartsWith("bridged", StringComparison.Ordinal)) _closed[_today] = was[_today];
            else Miss(_today, at);
        }
    }

    private void OpenFrom(LocalDate date)
    {
        foreach (var later in _closed.Keys.Where(closed => closed >= date).ToList()) _closed.Remove(later);
        foreach (var later in _breaks.Keys.Where(closed => closed >= date).ToList()) _breaks.Remove(later);
        _ledger.RemoveAll(entry => entry.Entry == "spend" && entry.Date >= date);
    }

    private void Over(LocalDate date, Instant at)
    {
        if (OutageDates(_zone).Contains(date)) _hadOutage.Add(date);
        if (_active.Contains(date)) return;
        if (_hadOutage.Contains(date)) _closed[date] = "bridged";
        else Miss(date, at);
    }

    private void Miss(LocalDate date, Instant at)
    {
        var held = CountBack(date.PlusDays(-1)).Count;

        if (held > 0 && Savers() > 0)
        {
            _closed[date] = "covered";
            _ledger.Add(("spend", date));
        }
        else
        {
            _closed[date] = "missed";
            if (held > 0) _breaks[date] = (at, held);
        }
    }

    private void Grant()
    {
        var (count, _, start) = Chain();
        for (var multiple = 7; multiple <= count; multiple += 7)
        {
            if (_granted.Add((start, multiple))) _ledger.Add(("grant", _today));
        }
    }

    private int Savers()
    {
        var savers = 0;
        foreach (var (entry, _) in _ledger)
        {
            if (entry == "buy" || (entry == "grant" && savers + 1 <= 2)) savers++;
            if (entry == "spend") savers--;
        }

        return savers;
    }

    private (int Count, int Covered, LocalDate Start) Chain() => CountBack(Newest());

    private LocalDate Newest() => _active.Append(_today).Max();

    private (int Count, int Covered, LocalDate Start) CountBack(LocalDate from)
    {
        var (count, covered, start) = (0, 0, from);
        for (var date = from; ; date = date.PlusDays(-1))
        {
            if (_active.Contains(date)) (count, start) = (count + 1, date);
            else if (_closed.GetValueOrDefault(date) == "covered") covered++;
            else if (date < _today && !IsBridged(date)) return (count, covered, start);
        }
    }

    private int DayOnly()
    {
        if (_active.Count == 0 || _active.Max() < _today.PlusDays(-1)) return 0;

        var count = 0;
        for (var date = _active.Max(); ; date = date.PlusDays(-1))
        {
            if (_active.Contains(date)) count++;
            else if (date < _today && !IsBridged(date)) return count;
        }
    }

    private bool IsBridged(LocalDate date) => _closed.GetValueOrDefault(date)?.StartsWith("bridged", StringComparison.Ordinal) == true;

    private string Told()
    {
        var (current, covered, _) = Chain();
        var bridgedToday = _hadOutage.Contains(_today) || OutageDates(_zone).Contains(_today);
        var risk = current > 0 && !_active.Contains(_today) && !bridgedToday;
        var resets = NextQuarter(_clock);
        while (DateIn(_zone, resets) <= _today) resets = NextQuarter(resets);

        var story = new Story(
            _today, resets, current, DayOnly(), _peak, Savers(), covered, risk, _active.Count == 0 ? null : _active.Max());

        return story.Tell(
            DateIn(DateTimeZone.Utc, _registeredAt),
            date => _active.Contains(date) ? "active"
                : date == _today && bridgedToday ? "bridged"
                : date >= _today ? _hadOutage.Contains(date) ? "bridged" : "open"
                : _closed.TryGetValue(date, out var reason) ? reason.Split(',')[0]
                : "-",
            _breaks.Select(pair => (pair.Key, pair.Value.At, pair.Value.Length)));
    }

    private HashSet<LocalDate> OutageDates(DateTimeZone zone)
    {
        if (_outageDates.TryGetValue(zone.Id, out var dates)) return dates;

        dates = [];
        foreach (var outage in _outages)
        {
            for (var at = outage.From; at < outage.To; at = NextQuarter(at)) dates.Add(DateIn(zone, at));
        }

        return _outageDates[zone.Id] = dates;
    }

    private static bool Lacks(DateTimeZone zone, LocalDate date)
    {
        var at = date.AtMidnight().InUtc().ToInstant() - Duration.FromDays(2);

        return Enumerable.Range(0, 5 * 96).All(quarter => DateIn(zone, at + Quarter * quarter) != date);
    }

    private static Instant NextQuarter(Instant at) =>
        Instant.FromUnixTimeSeconds((at.ToUnixTimeSeconds() / 900 + 1) * 900);

    private static LocalDate DateIn(DateTimeZone zone, Instant at) => at.InZone(zone).Date;
}
