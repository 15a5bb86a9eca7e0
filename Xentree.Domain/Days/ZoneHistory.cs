using System.Collections.Immutable;
using NodaTime;
using Xentree.Domain.Streaks;

namespace Xentree.Domain.Days;

/// <summary>A zone and the instant from which it is in force.</summary>
/// <param name="From">The first instant at which it is.</param>
/// <param name="Zone">Its IANA id.</param>
public readonly record struct ZoneEntry(Instant From, string Zone);

/// <summary>The zones that a user has lived in: the registered one, then each change, in the order in which they took effect.</summary>
public sealed class ZoneHistory
{
    private readonly ImmutableArray<ZoneEntry> _entries;

    /// <summary>The history of a user.</summary>
    /// <param name="registeredZone">The IANA id given at registration; in force before it, too.</param>
    /// <param name="changes">The changes of zone, by instant; of several at one instant the last is in force.</param>
    public ZoneHistory(string registeredZone, IEnumerable<ZoneEntry> changes)
    {
        _entries = [new ZoneEntry(Instant.MinValue, registeredZone), .. changes];

        for (var i = 1; i < _entries.Length; i++)
        {
            if (_entries[i].From < _entries[i - 1].From) throw new ArgumentException("Changes of zone come by instant.", nameof(changes));
        }
    }

    /// <summary>The IANA id of the zone in force at an instant.</summary>
    /// <param name="at">The instant; a change is in force from its own on.</param>
    public string At(Instant at)
    {
        var i = _entries.Length - 1;
        while (_entries[i].From > at) i--;

        return _entries[i].Zone;
    }

    /// <summary>When the zone changed last; null when it never did.</summary>
    public Instant? LastChange => _entries.Length > 1 ? _entries[^1].From : null;

    /// <summary>When the zone next changes after an instant; null when it does not.</summary>
    /// <param name="at">The instant.</param>
    public Instant? NextChangeAfter(Instant at)
    {
        foreach (var entry in _entries)
        {
            if (entry.From > at) return entry.From;
        }

        return null;
    }

    /// <summary>This history and one change more.</summary>
    /// <param name="change">A change that is not earlier than the last.</param>
    public ZoneHistory With(ZoneEntry change) => new(_entries[0].Zone, _entries.Skip(1).Append(change));

    /// <summary>The local date of an instant, in the zone then in force: what is stored with an event.</summary>
    /// <param name="at">When it happened.</param>
    public LocalDate DateOf(Instant at) => LocalDays.DateOf(Zones.Get(At(at)), at);

    /// <summary>Rules D5 and D7: what becomes of a request to change the zone.</summary>
    /// <param name="zone">What the user sent.</param>
    /// <param name="now">When: the change would take effect then.</param>
    /// <param name="rules">The numbers in force.</param>
    public ZoneRequest Ask(string? zone, Instant now, StreakRules rules)
    {
        if (!Zones.IsKnown(zone)) return new ZoneRequest.NoZone();
        if (Zones.Same(zone!, At(now))) return new ZoneRequest.SameZone();

        // The change that must have left the window before another fits in. Only changes to another canonical id ever took effect.
        var oldest = _entries.Length - rules.ZoneChangeLimit;
        if (oldest < 1) return new ZoneRequest.Change();

        var retryAt = _entries[oldest].From + rules.ZoneChangeWindow;
        return now < retryAt ? new ZoneRequest.TooMany(retryAt) : new ZoneRequest.Change();
    }
}

/// <summary>The answer to a request to change the zone.</summary>
public abstract record ZoneRequest
{
    private ZoneRequest()
    {
    }

    /// <summary>It is another zone, and in force from now on.</summary>
    public sealed record Change : ZoneRequest;

    /// <summary>It is the zone in force, perhaps under another name: no change of zone, and none is counted (D5).</summary>
    public sealed record SameZone : ZoneRequest;

    /// <summary>It is no IANA id: 400, and nothing changes (D7).</summary>
    public sealed record NoZone : ZoneRequest;

    /// <summary>429 <c>zone_change_limit</c>, and the whole PATCH is refused (D5).</summary>
    /// <param name="RetryAt">The first instant at which the change would be accepted.</param>
    public sealed record TooMany(Instant RetryAt) : ZoneRequest;
}
