namespace Xentree.Domain.Xp;

/// <summary>What an attempt at a task of the course is worth (X4).</summary>
public static class QuizXp
{
    /// <summary>
    /// Base XP of an attempt: <c>⌊xp_reward × best score/100⌋</c> less what the task has awarded before, never below 0.
    /// </summary>
    /// <param name="xpReward">What the task awards for a perfect score.</param>
    /// <param name="bestScore">The best score so far, this attempt included: 0 to 100.</param>
    /// <param name="baseAwardedBefore">Base XP of earlier attempts: what boosters added is not held against the learner.</param>
    public static long Of(int xpReward, int bestScore, long baseAwardedBefore)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(xpReward);
        ArgumentOutOfRangeException.ThrowIfNegative(baseAwardedBefore);
        ArgumentOutOfRangeException.ThrowIfNegative(bestScore);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bestScore, 100);
        return Math.Max(0, ((long)xpReward * bestScore / 100) - baseAwardedBefore);
    }
}
