using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Xentree.Domain.Streaks;

namespace Xentree.Data.Learning;

/// <summary>What happened to a streak (rule S12) as a domain event: the payload that subscribers get.</summary>
internal static class Announcement
{
    /// <summary>The event's type, its payload, and when it happened.</summary>
    public static (string Type, string Payload, Instant At) Of(Happening happening, Instant now) => happening switch
    {
        Happening.Extended e => ("streak.extended", Json(new() { ["date"] = Date(e.Date), ["current_streak"] = e.CurrentStreak }), now),
        Happening.Restored r => ("streak.restored", Json(new() { ["date"] = Date(r.Date), ["current_streak"] = r.CurrentStreak }), now),
        Happening.SaverSpent s => ("saver.spent", Json(new() { ["date"] = Date(s.Date), ["freezes_available"] = s.SaversLeft }), s.At),
        Happening.Broken b => (
            "streak.broken",
            Json(new() { ["date"] = Date(b.Date), ["length"] = b.Length, ["final_at"] = InstantPattern.ExtendedIso.Format(b.FinalAt) }),
            b.At),
        _ => throw new ArgumentOutOfRangeException(nameof(happening)),
    };

    private static string Date(LocalDate date) => LocalDatePattern.Iso.Format(date);

    private static string Json(Dictionary<string, object> payload) => JsonSerializer.Serialize(payload);
}
