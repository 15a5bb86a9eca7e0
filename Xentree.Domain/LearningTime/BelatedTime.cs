using NodaTime;
using Xentree.Domain.Xp;

namespace Xentree.Domain.LearningTime;

/// <summary>
/// Learning time that was told more than 72 h after it happened (D6). It gives XP as if it had been learned in the instant of its
/// arrival, which leaves every checkpoint as it is, and it makes no day active. Stored as a fact, with the signal that told it.
/// </summary>
/// <param name="ReceivedAt">When it was told.</param>
/// <param name="Counted">How much counted time it added.</param>
public readonly record struct BelatedTime(Instant ReceivedAt, Duration Counted)
{
    /// <summary>
    /// The seconds that a belated signal claims: those more than 72 h back that it makes count and that live does not own. They count
    /// as received, so they no longer count where they lie.
    /// </summary>
    /// <param name="receivedAt">When it was received.</param>
    /// <param name="before">The counted time of all signals around it, belated ones too, without it.</param>
    /// <param name="after">The same with it.</param>
    /// <param name="live">The seconds that live owns.</param>
    /// <param name="rules">The rules in force.</param>
    public static TimeUnion Claim(Instant receivedAt, TimeUnion before, TimeUnion after, TimeUnion live, XpRules rules) =>
        after.Before(receivedAt - Duration.FromHours(rules.LateHours)).Less(before).Less(live);

    /// <summary>What a belated signal adds: how long its <see cref="Claim"/> is.</summary>
    /// <param name="receivedAt">When it was received.</param>
    /// <param name="before">The counted time of all signals around it, belated ones too, without it.</param>
    /// <param name="after">The same with it.</param>
    /// <param name="live">The seconds that live owns.</param>
    /// <param name="rules">The rules in force.</param>
    public static BelatedTime Of(Instant receivedAt, TimeUnion before, TimeUnion after, TimeUnion live, XpRules rules) =>
        new(receivedAt, Claim(receivedAt, before, after, live, rules).Total);
}
