using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Learning;
using Xentree.Domain.Days;
using Xentree.Domain.Pulse;
using Xentree.Domain.Xp;

namespace Xentree.Api.Features.Xp.Card;

internal static class GetProfileCard
{
    public static async Task<Results<Picture, Failure>> HandleAsync(
        string username,
        HttpRequest request,
        LearnerReads learners,
        XentreeDbContext context,
        BusinessClock clock,
        CancellationToken cancellation)
    {
        var theme = CardThemes.Read(request.Query);

        var key = User.Key(username);
        var user = await context.Users.AsNoTracking()
            .SingleOrDefaultAsync(u => u.UsernameKey == key && u.ProfileVisibility == ProfileVisibility.Public, cancellation);
        if (user is null) return Failures.NotFound;

        // A sandbox user is seen as their own clock stands.
        if (user.SandboxNow is { } standsAt) clock.StandAt(standsAt);
        var (learner, chain, days) = await learners.ReadActivityAsync(user.Id, clock.Now, days: LearningPulse.Length, cancellation);
        var card = new ProfileCard(
            user.FullName,
            user.Username,
            LocalDays.DateOf(Zones.Get(learner.Learner.RegisteredZone), learner.Learner.RegisteredAt),
            learner.Learner.TotalXp,
            Level.Of(learner.Learner.TotalXp),
            chain.CurrentStreak,
            learner.LongestStreak(chain),
            LearningPulse.Of(chain.Today, days, chain.CoveredDates.ToHashSet()));
        // Whoever moves a clock by hand wants to see it at once.
        return new Picture(card.Draw(theme), MayBeKept: user.SandboxNow is null);
    }
}
