using NodaTime;
using Xentree.Domain.LearningTime;

namespace Xentree.Tests.LearningTime;

/// <summary>Local days of a user who lives in one zone after another.</summary>
internal static class Days
{
    public static readonly DateTimeZone London = DateTimeZoneProviders.Tzdb["Europe/London"];
    public static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];
    public static readonly DateTimeZone Tokyo = DateTimeZoneProviders.Tzdb["Asia/Tokyo"];

    public static Func<Instant, LocalDaySpan> In(DateTimeZone first, params (Instant From, DateTimeZone Zone)[] moves) => instant =>
    {
        var zone = moves.LastOrDefault(move => move.From <= instant).Zone ?? first;
        var day = instant.InZone(zone).Date;
        Instant[] ends =
        [
            zone.AtStartOfDay(day.PlusDays(1)).ToInstant(),
            zone.GetZoneInterval(instant) is { HasEnd: true } interval ? interval.End : Instant.MaxValue,
            .. moves.Select(move => move.From),
        ];
        return new LocalDaySpan(day, ends.Where(end => end > instant).Min());
    };
}
