using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Xentree.Tests;

/// <summary>What a learner does, over HTTP.</summary>
internal static class LearningSteps
{
    extension(ApiClient sandboxUser)
    {
        /// <summary>Learns for some minutes from an instant on, in a conversation of its own.</summary>
        public async Task LearnAsync(string from, int minutes = 1)
        {
            var start = OffsetDateTimePattern.ExtendedIso.Parse(from).Value.ToInstant();
            sandboxUser.Now = from;
            var path = $"/api/core/conversations/{(await sandboxUser.PostAsync("/api/core/conversations", new { })).ShouldBe(201)["id"].GetString()}/session";
            (await sandboxUser.PostAsync(path + "/start")).ShouldBe(200);
            for (var minute = 1; minute <= minutes; minute++)
            {
                sandboxUser.Now = InstantPattern.General.Format(start + Duration.FromMinutes(minute));
                (await sandboxUser.PostAsync(path + (minute == minutes ? "/end" : "/activity"))).ShouldBe(200);
            }
        }

        /// <summary>Learns for a minute on each of these days of March 2026, at noon UTC.</summary>
        public async Task LearnInMarchAsync(params int[] days)
        {
            foreach (var day in days) await sandboxUser.LearnAsync(string.Create(CultureInfo.InvariantCulture, $"2026-03-{day:00}T12:00:00Z"));
        }
    }
}
