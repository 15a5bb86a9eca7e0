using System.Buffers.Binary;
using System.Security.Cryptography;
using NodaTime;

namespace Xentree.Domain.Quests;

/// <summary>The daily aggregate of a local day, as far as the draw looks at it.</summary>
/// <param name="Date">The local day.</param>
/// <param name="LearningSeconds">Learning time.</param>
/// <param name="Xp">XP.</param>
/// <param name="Turns">Messages of the learner in conversations.</param>
/// <param name="XelTasks">Tasks of the course.</param>
/// <param name="LiveSeconds">Charged seconds of live sessions.</param>
public sealed record QuestDay(LocalDate Date, long LearningSeconds, long Xp, long Turns, long XelTasks, long LiveSeconds)
{
    internal bool Uses(QuestCategory category) => category switch
    {
        QuestCategory.LearningTime => LearningSeconds > 0,
        QuestCategory.Xp => Xp > 0,
        QuestCategory.Conversations => Turns > 0,
        QuestCategory.Xel => XelTasks > 0,
        _ => LiveSeconds > 0,
    };
}

/// <summary>What a learner can still do that day: a quest that asks for more is not in the urn (Q1).</summary>
/// <param name="LiveSeconds">Live quota left.</param>
/// <param name="XelTasks">Tasks of the course that are not completed; 0 when it is finished.</param>
public readonly record struct QuestReach(long LiveSeconds, long XelTasks)
{
    internal bool Allows(Quest quest) => quest.Category switch
    {
        QuestCategory.Xel => quest.TargetValue <= XelTasks,
        QuestCategory.Live => quest.TargetValue <= LiveSeconds,
        _ => true,
    };
}

/// <summary>
/// The draw of a day's quests (Q1): a keyed hash of user and local day casts the lots, so nobody can foresee or repeat it, and two
/// who draw at once draw the same.
/// </summary>
public static class QuestDraw
{
    /// <summary>The quests of a day, of different categories; fewer than usual when fewer categories can be completed.</summary>
    /// <param name="catalogue">What is drawn from.</param>
    /// <param name="key">The server's key.</param>
    /// <param name="userId">The learner.</param>
    /// <param name="day">The local day.</param>
    /// <param name="days">The learner's daily aggregates: those outside the window weigh nothing.</param>
    /// <param name="reach">What can still be done that day.</param>
    /// <param name="rules">The rules in force.</param>
    public static IReadOnlyList<Quest> Of(
        QuestCatalogue catalogue,
        ReadOnlySpan<byte> key,
        Guid userId,
        LocalDate day,
        IEnumerable<QuestDay> days,
        QuestReach reach,
        QuestRules rules)
    {
        var (first, last) = rules.WindowOf(day);
        List<QuestDay> window = [.. days.Where(row => first <= row.Date && row.Date <= last)];
        var urn = catalogue.Quests.Where(reach.Allows)
            .GroupBy(quest => quest.Category)
            .OrderBy(category => category.Key)
            .Select(category => (Quests: category.ToList(), DaysOfUse: window.Count(row => row.Uses(category.Key))))
            .ToList();

        List<Quest> drawn = [];
        while (drawn.Count < rules.PerDay && urn.Count > 0)
        {
            // Two lots a quest: one for its category, one for itself.
            var category = Pick(urn, one => rules.CategoryWeight + one.DaysOfUse, Lot(key, userId, day, 2 * drawn.Count));
            urn.Remove(category);
            drawn.Add(Pick(
                category.Quests,
                quest => quest.Weight * rules.Fit(quest.Difficulty, category.DaysOfUse),
                Lot(key, userId, day, (2 * drawn.Count) + 1)));
        }

        return drawn;
    }

    private static T Pick<T>(IReadOnlyList<T> choices, Func<T, int> weight, ulong lot)
    {
        // 64 bits over weights of a few thousand: no choice gains more than one part in 10^15.
        var left = (long)(lot % (ulong)choices.Sum(choice => (long)weight(choice)));
        return choices.First(choice => (left -= weight(choice)) < 0);
    }

    private static ulong Lot(ReadOnlySpan<byte> key, Guid userId, LocalDate day, int ordinal)
    {
        Span<byte> text = stackalloc byte[16 + 4 + 1];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        userId.TryWriteBytes(text, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(text[16..], (((day.Year * 100) + day.Month) * 100) + day.Day);
        text[20] = (byte)ordinal;
        HMACSHA256.HashData(key, text, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
