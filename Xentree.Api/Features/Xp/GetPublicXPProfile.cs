using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Api.Http.ETags;
using Xentree.Api.Http.TimeTravel;
using Xentree.Api.Schemas;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Learning;
using Xentree.Domain.Quests;
using Xentree.Domain.Xp;

namespace Xentree.Api.Features.Xp;

/// <summary>What everybody may see of a learner.</summary>
public sealed record PublicXPProfileResponse : IExample<PublicXPProfileResponse>
{
    /// <summary>The learner's name.</summary>
    public required string Username { get; init; }

    /// <summary>The name to show.</summary>
    public required string? FullName { get; init; }

    /// <summary>Where the picture is.</summary>
    public required string? ProfilePictureUrl { get; init; }

    /// <summary>When the account was registered.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>XP, level and streak.</summary>
    public required PublicXPProfile Profile { get; init; }

    /// <summary>The quests of today that go on.</summary>
    public required IReadOnlyList<QuestItem> ActiveQuests { get; init; }

    /// <inheritdoc/>
    public static PublicXPProfileResponse Example { get; } = new()
    {
        Username = "ana.kovac",
        FullName = "Ana Kovač",
        ProfilePictureUrl = null,
        CreatedAt = Instant.FromUtc(2026, 3, 1, 8, 30),
        Profile = new PublicXPProfile(1_240, 5, 240, 500, 12, 21, 12),
        ActiveQuests = [QuestItem.Example],
    };
}

/// <summary>XP, level and streak.</summary>
/// <param name="TotalXp">All XP.</param>
/// <param name="Level">The level, from 1.</param>
/// <param name="CurrentLevelXp">XP since the level began.</param>
/// <param name="XpNeededForNextLevel">XP of the whole step to the next level.</param>
/// <param name="CurrentStreak">Active days of the unbroken chain.</param>
/// <param name="LongestStreak">The longest streak ever.</param>
/// <param name="DayOnlyStreak">Active days on end without a saver.</param>
public sealed record PublicXPProfile(
    long TotalXp, long Level, long CurrentLevelXp, long XpNeededForNextLevel, int CurrentStreak, int LongestStreak, int DayOnlyStreak);

internal static class GetPublicXPProfile
{
    public static async Task<Results<Tagged<PublicXPProfileResponse>, Failure>> HandleAsync(
        string username, LearnerReads learners, XentreeDbContext context, BusinessClock clock, PictureAddress pictures, CancellationToken cancellation)
    {
        var key = User.Key(username);
        var user = await context.Users.AsNoTracking()
            .SingleOrDefaultAsync(u => u.UsernameKey == key && u.ProfileVisibility == ProfileVisibility.Public, cancellation);
        if (user is null) return Failures.NotFound;

        // A sandbox user is seen as their own clock stands.
        if (user.SandboxNow is { } standsAt) clock.StandAt(standsAt);
        var (learner, chain) = await learners.ReadAsync(user.Id, clock.Now, days: 1, cancellation);
        var level = Level.Of(learner.Learner.TotalXp);
        var quests = await context.DailyQuests.AsNoTracking()
            .Where(q => q.UserId == user.Id && q.Date == chain.Today).OrderBy(q => q.Ordinal).ToListAsync(cancellation);
        return new Tagged<PublicXPProfileResponse>(new PublicXPProfileResponse
        {
            Username = user.Username,
            FullName = user.FullName,
            ProfilePictureUrl = pictures.Of(user.PictureBlob),
            CreatedAt = user.CreatedAt,
            Profile = new PublicXPProfile(
                learner.Learner.TotalXp, level.Number, level.CurrentLevelXp, level.XpNeededForNextLevel,
                chain.CurrentStreak, learner.LongestStreak(chain), chain.DayOnlyStreak),
            ActiveQuests = [.. quests.Select(q => QuestItem.Of(q, chain.Today)).Where(q => q.Status == QuestStatus.Active)],
        });
    }
}
