using NodaTime;
using NodaTime.Extensions;
using Xentree.Domain.Days;

namespace Xentree.Domain.Streaks;

/// <summary>
/// The running state of one fold. Dates before today are closed and summed up in a <see cref="Frontier"/>; today and, after a
/// flight west, up to two dates ahead are open, and their active ones are counted where they stand.
/// </summary>
internal sealed class Course
{
    // No outage that ended this long before a checkpoint overlaps a day that was still open at it.
    private static readonly Duration Lookback = Duration.FromHours(96);

    private readonly StreakRulebook _rulebook;
    private readonly Outages _outages;
    private readonly Instant _since;
    private readonly DateLetters _letters;
    private readonly Frontier[] _past;
    private readonly List<SaverMovement> _movements = [];
    private readonly List<StreakBreak> _breaks = [];
    private Frontier _now;
    private DateTimeZone _zone;
    private OutageDates _outageDates;
    private LocalDate _today;
    private Instant _todayEnds;
    private LocalDate? _lastActive;
    private int _peak;

    public Course(Checkpoint from, Outages outages, StreakRulebook rulebook)
    {
        _rulebook = rulebook;
        _outages = outages;
        _since = Instant.FromDateTimeOffset(from.At) - Lookback;
        _today = from.Today.ToLocalDate();
        _letters = new DateLetters(from.Trail, _today);
        _now = from.Frontier;
        _past = [.. from.Past];
        _zone = Zones.Get(from.Zone);
        _outageDates = outages.In(_zone, _since);
        _todayEnds = LocalDays.FirstInstant(_zone, _today.PlusDays(1));
        _lastActive = from.LastActive?.ToLocalDate();
        _peak = from.Peak;
    }

    /// <summary>Active days of the unbroken chain: it may end ahead of today (D3).</summary>
    private int Current => _now.Held + _letters.OpenActive;

    /// <summary>Takes the next input, by instant and order.</summary>
    public void Take(Input input)
    {
        switch (input)
        {
            case Activity activity:
                // An activity closes no date after its own: XP of the second before midnight is dated midnight, and yesterday.
                Pass(input.At, activity.Date);
                Learn(activity);
                break;

            case SaverPurchase:
                Pass(input.At);
                foreach (ref var past in _past.AsSpan()) past = past with { Savers = past.Savers + 1 };
                _now = _now with { Savers = _now.Savers + 1 };
                Note(SaverMovementKind.Bought, input.At, _today, Current);
                break;

            case ZoneChange change:
                Pass(input.At - Duration.Epsilon);
                Move(Zones.Get(change.Zone), input.At);
                break;
        }

        _peak = Math.Max(_peak, Current);
    }

    /// <summary>Lets time pass: closes the days that are over at an instant, but none from <paramref name="until"/> on.</summary>
    public void Pass(Instant to, LocalDate? until = null)
    {
        while (_todayEnds <= to && !(_today >= until))
        {
            if (_letters.NothingOpen && (_now.Held == 0 || _outageDates.Contains(_today)))
            {
                // Nothing that passing days could change, so however many they are they pass at once (S9).
                var target = LocalDays.DateOf(_zone, to);
                if (until < target) target = until.Value;
                if (_now.Held > 0 && _outageDates.LastOf(_today) is { } last && last < target) target = last.PlusDays(1);
                Skip(target);
            }
            else
            {
                CloseToday(_todayEnds);
            }
        }
    }

    private void Learn(Activity activity)
    {
        var ahead = 0;

        if (activity.Date != _today || _todayEnds <= activity.At)
        {
            // No zone is further away: it is no date of a day that was open then.
            var offBy = Period.DaysBetween(LocalDays.DateOf(_zone, activity.At), activity.Date);
            if (Math.Abs(offBy) > Checkpoint.Reach) return;
            ahead = Period.DaysBetween(_today, activity.Date);
        }

        if (_lastActive is null || _lastActive < activity.Date) _lastActive = activity.Date;

        if (ahead < 0) LearnBelated(activity, -ahead);
        else if (_letters.Activate(ahead)) Grant(activity.At);
    }

    /// <summary>Activity on a date that was closed at its instant: opens it, and closes it and the later ones as before.</summary>
    private void LearnBelated(Activity activity, int back)
    {
        var before = _letters.Closed(back).ToString();
        if (before[0] == Trail.Active) return;

        Reopen(activity.Date, activity.At);
        _letters.Activate(0);
        Grant(activity.At);

        foreach (var letter in before)
        {
            if (_letters.Today == Trail.Active) Close(Trail.Active);
            else if (letter is Trail.Covered or Trail.Missed or Trail.Broken) Miss(activity.At);
            else Close(letter);
        }
    }

    private void Grant(Instant at)
    {
        var count = Current;
        if (count <= _now.Reached) return;

        var rules = _rulebook.At(at);
        var multiple = (_now.Reached / rules.GrantEvery + 1) * rules.GrantEvery;
        _now = _now with { Reached = count };

        for (; multiple <= count; multiple += rules.GrantEvery)
        {
            var room = _now.Savers < rules.MaxSavers;
            foreach (ref var past in _past.AsSpan())
            {
                if (past.Savers < rules.MaxSavers) past = past with { Savers = past.Savers + 1 };
            }

            if (room) _now = _now with { Savers = _now.Savers + 1 };
            Note(room ? SaverMovementKind.Granted : SaverMovementKind.Lost, at, _today, multiple);
        }
    }

    /// <summary>A change of zone: what it cuts off or jumps over is closed (D4), what is today again is open again.</summary>
    private void Move(DateTimeZone zone, Instant at)
    {
        var there = LocalDays.DateOf(zone, at);
        var outagesThere = _outages.In(zone, _since);
        if (_outageDates.Contains(_today)) _letters.Bridge();

        // A day whose last instant was the one before the change was not cut off.
        if (there > _today && _todayEnds <= at) CloseToday(_todayEnds);
        if (there > _today) CutOff(there, zone, outagesThere, at);

        if (there < _today)
        {
            Reopen(there, at);
            Grant(at);
        }

        _zone = zone;
        _outageDates = outagesThere;
        _todayEnds = LocalDays.FirstInstant(zone, _today.PlusDays(1));
    }

    private void CutOff(LocalDate there, DateTimeZone zone, OutageDates outagesThere, Instant at)
    {
        for (var earliest = true; _today < there;)
        {
            if (_letters.Today != Trail.Open) Close(_letters.Today);
            else if (_outageDates.Contains(_today) || outagesThere.Contains(_today)) Close(Trail.OutageBridged);
            else if (LocalDays.Lacks(_zone, _today) || LocalDays.Lacks(zone, _today)) Close(Trail.Lacked);
            else
            {
                var apart = _rulebook.At(at).DatesBetweenBridges;
                if (earliest && !_letters.Closed(apart).Contains(Trail.ZoneBridged)) Close(Trail.ZoneBridged);
                else Miss(at);
                earliest = false;
            }
        }
    }

    /// <summary>Makes a closed date today again, and undoes what became of it and of the dates after it.</summary>
    private void Reopen(LocalDate date, Instant at)
    {
        var back = Math.Min(Period.DaysBetween(date, _today), Checkpoint.Reach);
        var savers = _now.Savers;
        var reached = _now.Reached;

        _today = _today.PlusDays(-back);
        _now = _past[^back];
        Array.Copy(_past, 0, _past, back, _past.Length - back);

        // A chain is granted each multiple once, though it breaks and is mended again.
        _now = _now with { Reached = Math.Max(_now.Reached, reached) };
        _breaks.RemoveAll(broken => broken.Date >= _today);

        // What covered the dates comes back, except a saver that a grant has since taken the place of.
        var room = _now.Savers - savers;
        var closed = _letters.Closed(back);
        for (var i = 0; i < back; i++)
        {
            if (closed[i] != Trail.Covered) continue;
            Note(room-- > 0 ? SaverMovementKind.Returned : SaverMovementKind.Lost, at, _today.PlusDays(i), _now.Held);
        }

        _letters.Reopen(back);
    }

    /// <summary>Closes today, which is over.</summary>
    private void CloseToday(Instant end)
    {
        if (_letters.Today != Trail.Open) Close(_letters.Today);
        else if (_outageDates.Contains(_today)) Close(Trail.OutageBridged);
        else Miss(end);

        Begin(end);
    }

    /// <summary>Today begins: on the next date that the zone has. One that it lacks may have been active in another zone.</summary>
    private void Begin(Instant start)
    {
        while ((_todayEnds = LocalDays.FirstInstant(_zone, _today.PlusDays(1))) == start)
            Close(_letters.Today == Trail.Active ? Trail.Active : Trail.Lacked);
    }

    /// <summary>Closes today as missed: a saver covers it, if there is one and a chain to hold.</summary>
    private void Miss(Instant at)
    {
        if (_now.Held == 0)
        {
            Close(Trail.Missed);
        }
        else if (_now.Savers > 0)
        {
            Note(SaverMovementKind.Spent, at, _today, _now.Held);
            Close(Trail.Covered);
        }
        else
        {
            _breaks.Add(new StreakBreak(_today, at, _now.Held, at + _rulebook.At(at).ProvisionalFor));
            Close(Trail.Broken);
        }
    }

    private void Close(char letter)
    {
        Push();
        _now = letter switch
        {
            Trail.Active => _now with { Held = _now.Held + 1, Run = _now.Run + 1 },
            Trail.Covered => _now with { Covered = _now.Covered + 1, Run = 0, Savers = _now.Savers - 1 },
            Trail.Broken => new Frontier(0, 0, 0, _letters.OpenActive, _now.Savers),
            _ => _now,
        };
        _letters.Close(letter);
        _today = _today.PlusDays(1);
    }

    private void Push()
    {
        Array.Copy(_past, 1, _past, 0, _past.Length - 1);
        _past[^1] = _now;
    }

    /// <summary>Closes the dates before another at once, as bridged by an outage or missed without a chain.</summary>
    private void Skip(LocalDate target)
    {
        var days = Period.DaysBetween(_today, target);
        for (var i = 0; i < Math.Min(days, _past.Length); i++) Push();

        _letters.Skip(days);
        var first = LocalDate.Max(_today, target.PlusDays(-Trail.Kept));
        foreach (var date in _outageDates.Between(first, target)) _letters.Set(date, Trail.OutageBridged);
        foreach (var date in LocalDays.LackedBetween(_zone, first, target)) _letters.Set(date, Trail.Lacked);

        _today = target;
        Begin(LocalDays.FirstInstant(_zone, target));
    }

    private void Note(SaverMovementKind kind, Instant at, LocalDate date, int streak) =>
        _movements.Add(new SaverMovement(kind, at, date, streak));

    /// <summary>The state at an instant, all inputs up to it taken.</summary>
    public Chain ToChain(Instant at)
    {
        var ahead = _letters.OpenActive;
        if (_outageDates.Contains(_today)) _letters.Bridge();

        return new Chain
        {
            At = at,
            Zone = _zone.Id,
            Today = _today,
            ResetsAt = _todayEnds,
            CurrentStreak = Current,
            DayOnlyStreak = ahead > 0 || _letters.Closed(1)[0] == Trail.Active ? _now.Run + ahead : 0,
            Peak = _peak,
            Savers = _now.Savers,
            SaversUsed = _now.Covered,
            AtRisk = Current > 0 && _letters.Today == Trail.Open,
            LastActive = _lastActive,
            Trail = _letters.ToTrail(at),
            Movements = _movements,
            Breaks = _breaks,
        };
    }

    /// <summary>The state just before an instant, all inputs before it taken.</summary>
    public Checkpoint ToCheckpoint(Instant at)
    {
        var checkpoint = new Checkpoint(
            at.ToDateTimeOffset(),
            _zone.Id,
            _today.ToDateOnly(),
            _now,
            _past,
            _letters.ToTrail(at),
            _peak,
            _lastActive?.ToDateOnly(),
            OutageDigest: null,
            Checkpoint.CurrentBasis);

        return checkpoint with { OutageDigest = _outages.DigestBefore(checkpoint.DigestEnd) };
    }
}
