using NodaTime;
using NodaTime.TimeZones;

namespace Xentree.Domain.Days;

/// <summary>The IANA time zones that a user may live in: NodaTime's bundled database, never the machine's.</summary>
public static class Zones
{
    private static readonly TzdbDateTimeZoneSource Source = TzdbDateTimeZoneSource.Default;

    /// <summary>The release of the tz database in use, such as <c>2026a</c>: what a stored local date was computed with.</summary>
    public static string DatabaseVersion => Source.TzdbVersion;

    /// <summary>
    /// Rule D7: whether <paramref name="id"/> is an IANA id, aliases included (<c>Asia/Calcutta</c>, <c>UTC</c>).
    /// Offsets (<c>+05:00</c>, <c>UTC+05:00</c>) and POSIX rules (<c>EST5EDT4</c>) are not. Case matters.
    /// </summary>
    /// <param name="id">What the user sent.</param>
    public static bool IsKnown(string? id) => id is not null && Source.CanonicalIdMap.ContainsKey(id);

    /// <summary>The zone of an id that <see cref="IsKnown"/>.</summary>
    /// <param name="id">An IANA id, an alias too.</param>
    /// <exception cref="ArgumentException">The id is none (D7).</exception>
    public static DateTimeZone Get(string id) =>
        // The provider would also take offsets such as UTC+05:00, so the list is asked first.
        IsKnown(id) ? DateTimeZoneProviders.Tzdb[id] : throw new ArgumentException($"'{id}' is no IANA time zone.", nameof(id));

    /// <summary>The id that all aliases of a zone share: <c>Asia/Kolkata</c> for <c>Asia/Calcutta</c>.</summary>
    /// <param name="id">An IANA id.</param>
    /// <exception cref="ArgumentException">The id is none (D7).</exception>
    public static string Canonical(string id) =>
        Source.CanonicalIdMap.TryGetValue(id, out var canonical)
            ? canonical
            : throw new ArgumentException($"'{id}' is no IANA time zone.", nameof(id));

    /// <summary>Rule D5: whether two ids name one zone, so that going from one to the other is no change.</summary>
    /// <param name="one">An IANA id.</param>
    /// <param name="other">An IANA id.</param>
    public static bool Same(string one, string other) => Canonical(one) == Canonical(other);

    /// <summary>Every zone once, by its canonical id.</summary>
    internal static IEnumerable<DateTimeZone> All => Source.CanonicalIdMap.Values.Distinct().Select(id => DateTimeZoneProviders.Tzdb[id]);
}
