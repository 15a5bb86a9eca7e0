using NodaTime;
using Xentree.Domain.Days;
using Xentree.Domain.Streaks;

namespace Xentree.Tests.Streaks;

/// <summary>A learner of March 2026 whose inputs are told in the words of the rules.</summary>
internal sealed class Learner
{
    private readonly List<Input> _inputs = [];
    private readonly List<ZoneEntry> _changes = [];
    private readonly List<Outage> _outages = [];
    private readonly string _registeredZone;

    public Learner(string zone = "Europe/London", string registered = "2026-02-20T12:00:00Z")
    {
        _registeredZone = zone;
        Genesis = Checkpoint.Genesis(Time.At(registered), zone);
    }

    public Checkpoint Genesis { get; }

    public IReadOnlyList<Input> Inputs => _inputs;

    public Outages Outages => new(_outages);

    public ZoneHistory Zones => new(_registeredZone, _changes);

    /// <summary>Active at noon on days of March.</summary>
    public Learner Active(params int[] days)
    {
        foreach (var day in days) ActiveAt(new LocalDateTime(2026, 3, day, 12, 0));
        return this;
    }

    /// <summary>Active on days of March from one to another, both included.</summary>
    public Learner ActiveFrom(int first, int last) => Active([.. Enumerable.Range(first, last - first + 1)]);

    public Learner ActiveAt(LocalDateTime local)
    {
        var zone = _changes.Count == 0 ? _registeredZone : _changes[^1].Zone;
        return ActiveAt(local.InZoneStrictly(Xentree.Domain.Days.Zones.Get(zone)).ToInstant());
    }

    public Learner ActiveAt(string instant) => ActiveAt(Time.At(instant));

    public Learner Buys(string instant)
    {
        _inputs.Add(new SaverPurchase(Time.At(instant), _inputs.Count));
        return this;
    }

    public Learner Buys(int day, string time = "12:00")
    {
        var zone = Xentree.Domain.Days.Zones.Get(_changes.Count == 0 ? _registeredZone : _changes[^1].Zone);
        _inputs.Add(new SaverPurchase(Time.March(day, time, zone), _inputs.Count));
        return this;
    }

    public Learner FliesTo(string zone, string instant)
    {
        _changes.Add(new ZoneEntry(Time.At(instant), zone));
        _inputs.Add(new ZoneChange(Time.At(instant), zone, _inputs.Count));
        return this;
    }

    public Learner Outage(string from, string to)
    {
        _outages.Add(new Outage(Time.At(from), Time.At(to)));
        return this;
    }

    /// <summary>The state at an instant.</summary>
    public Chain At(string instant) => At(Time.At(instant));

    public Chain At(Instant instant) => Streak.Fold(Genesis, _inputs, Outages, StreakRulebook.Default, instant);

    /// <summary>The state at a local time of March, in the zone last flown to.</summary>
    public Chain On(int day, string time = "12:00:00") =>
        At(Time.March(day, time, Xentree.Domain.Days.Zones.Get(_changes.Count == 0 ? _registeredZone : _changes[^1].Zone)));

    private Learner ActiveAt(Instant at)
    {
        _inputs.Add(new Activity(at, Zones.DateOf(at), _inputs.Count));
        return this;
    }
}
