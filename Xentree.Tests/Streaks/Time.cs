using NodaTime;
using NodaTime.Text;

namespace Xentree.Tests.Streaks;

/// <summary>Instants and dates as the rules write them.</summary>
internal static class Time
{
    public static Instant At(string instant) => InstantPattern.ExtendedIso.Parse(instant).Value;

    public static Instant March(int day, string time, DateTimeZone zone) =>
        (new LocalDate(2026, 3, day) + LocalTimePattern.CreateWithInvariantCulture(time.Length == 5 ? "HH:mm" : "HH:mm:ss").Parse(time).Value)
            .InZoneStrictly(zone)
            .ToInstant();

    public static LocalDate March(int day) => new(2026, 3, day);

    public static LocalDate Date(string date) => LocalDatePattern.Iso.Parse(date).Value;
}
