using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Api.Schemas;
using Xentree.Data;
using Xentree.Data.Learning;
using Xentree.Domain.LearningTime;
using Xentree.Domain.Xp;

namespace Xentree.Api.Tools;

/// <summary>What an assistant may know of the caller's own learning.</summary>
internal sealed class LearnerTools(LearnerReads learners, LearningWrites learning, XentreeDbContext context, BusinessClock clock)
{
    private const string Read = "conversations:read";
    private const int DefaultDays = 7;
    private const int MaxDays = 90;

    public static Tool XpProfile { get; } = Tool.Of<LearnerTools, object>(
        "xp_profile",
        "The learner's XP, level, streak and today's quests, as they are now.",
        Read,
        """{"type": "object", "properties": {}, "additionalProperties": false}""",
        (tools, caller, _, cancellation) => tools.XpProfileAsync(caller, cancellation));

    public static Tool LearningTime { get; } = Tool.Of<LearnerTools, object>(
        "learning_time",
        "How long the learner learned on each of the last days, in seconds.",
        Read,
        """{"type": "object", "properties": {"days": {"type": "integer", "description": "How many days up to today, 1 to 90; 7 when absent."}}, "additionalProperties": false}""",
        (tools, caller, arguments, cancellation) => tools.LearningTimeAsync(caller, DaysOf(arguments), cancellation));

    private async Task<object> XpProfileAsync(Caller caller, CancellationToken cancellation)
    {
        var now = clock.Now;
        var (learner, chain) = await learners.ReadAsync(caller.UserId, now, days: 1, cancellation);
        var level = Level.Of(learner.Learner.TotalXp);
        var rows = await context.DailyQuests.AsNoTracking()
            .Where(q => q.UserId == caller.UserId && q.Date == chain.Today).OrderBy(q => q.Ordinal).ToListAsync(cancellation);
        // The first look of a day at one's quests draws them (rule Q2), whichever way one looks.
        var quests = rows.Count > 0 ? rows : await learning.DrawQuestsAsync(caller.UserId, now, cancellation);
        return new
        {
            learner.Learner.TotalXp,
            Level = level.Number,
            level.CurrentLevelXp,
            level.XpNeededForNextLevel,
            TodayXp = learner.DayOf(chain.Today)?.Xp ?? 0,
            chain.CurrentStreak,
            LongestStreak = learner.LongestStreak(chain),
            StreakSavers = chain.Savers,
            chain.Today,
            Quests = quests.Select(q => QuestItem.Of(q, chain.Today)).Select(q => new { q.Title, q.Description, q.CurrentProgress, q.TargetValue, q.Status }),
        };
    }

    private async Task<object> LearningTimeAsync(Caller caller, int days, CancellationToken cancellation)
    {
        var (learner, chain) = await learners.ReadAsync(caller.UserId, clock.Now, days, cancellation);
        var first = chain.Today.PlusDays(1 - days);
        var report = LearningTimeReport.Of(
            first, chain.Today, learner.Days.Where(d => d.Date >= first && d.Date <= chain.Today).ToDictionary(d => d.Date, d => d.Learned));
        return new { report.TotalSeconds, Days = report.Days.Select(day => new { day.Date, day.Seconds }) };
    }

    // Models write numbers as texts, too.
    private static int DaysOf(JsonElement arguments) =>
        arguments.ValueKind == JsonValueKind.Object && arguments.TryGetProperty("days", out var days)
        && int.TryParse(days.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? Math.Clamp(count, 1, MaxDays)
            : DefaultDays;
}
