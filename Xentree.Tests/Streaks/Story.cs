using System.Text;
using NodaTime;
using Xentree.Domain.Streaks;

namespace Xentree.Tests.Streaks;

/// <summary>A state in words, so that two of them can be compared and their difference read.</summary>
internal sealed record Story(
    LocalDate Today,
    Instant ResetsAt,
    int Current,
    int DayOnly,
    int Peak,
    int Savers,
    int Covered,
    bool AtRisk,
    LocalDate? LastActive)
{
    public static string Of(Chain chain, Instant registeredAt) =>
        new Story(
            chain.Today,
            chain.ResetsAt,
            chain.CurrentStreak,
            chain.DayOnlyStreak,
            chain.Peak,
            chain.Savers,
            chain.SaversUsed,
            chain.AtRisk,
            chain.LastActive).Tell(
                registeredAt.InUtc().Date,
                date => chain.Trail.ReasonOf(date)?.ToString().ToLowerInvariant() ?? (date >= chain.Today ? "open" : "-"),
                chain.Breaks.Select(broken => (broken.Date, broken.At, broken.Length)));

    public string Tell(LocalDate registered, Func<LocalDate, string> reason, IEnumerable<(LocalDate Date, Instant At, int Length)> breaks)
    {
        var text = new StringBuilder(ToString()).AppendLine();
        for (var date = registered.PlusDays(-3); date <= Today.PlusDays(3); date = date.PlusDays(1))
            text.Append(date.Day).Append(' ').Append(reason(date)).Append(", ");

        text.AppendLine();
        foreach (var (date, at, length) in breaks) text.Append($"broke on {date} at {at} after {length}; ");

        return text.ToString();
    }
}
