using NodaTime;
using Xentree.Domain.Xp;

namespace Xentree.Domain.LearningTime;

/// <summary>The time that a submission to the course claims (X8).</summary>
public static class XelClaim
{
    /// <summary>
    /// The <c>time_spent_seconds</c> before the submission, at most 600, and none of it before the task was fetched. Empty when
    /// nothing is claimed or nobody fetched the task.
    /// </summary>
    /// <param name="submittedAt">When it was submitted.</param>
    /// <param name="timeSpentSeconds">What the client says; null or less than 1 claims nothing.</param>
    /// <param name="fetchedAt">When the task was first fetched by this user since their last submission, if it was.</param>
    /// <param name="rules">The rules in force.</param>
    public static Interval Of(Instant submittedAt, long? timeSpentSeconds, Instant? fetchedAt, XpRules rules)
    {
        var claimed = submittedAt - Duration.FromSeconds(Math.Clamp(timeSpentSeconds ?? 0, 0, rules.XelClaimSeconds));
        return new Interval(Instant.Min(submittedAt, Instant.Max(claimed, fetchedAt ?? submittedAt)), submittedAt);
    }
}
