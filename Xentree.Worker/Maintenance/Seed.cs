using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Conversations;
using Xentree.Data.Learning;
using Xentree.Domain;
using Xentree.Domain.LearningTime;

namespace Xentree.Worker.Maintenance;

/// <summary><c>seed</c>: a demo learner with a year of history, for development. The history goes through the same write path as anybody's.</summary>
internal static class Seed
{
    private const string Username = "demo";
    private const string Password = "demo demo demo";
    private const string Zone = "Europe/Zagreb";
    private const int Days = 365;

    public static async Task<int> RunAsync(IServiceProvider services, string[] args, CancellationToken cancellation)
    {
        if (!services.GetRequiredService<IHostEnvironment>().IsDevelopment())
        {
            await Console.Error.WriteLineAsync("The demo learner has a password that everybody knows: seed runs in Development only.");
            return 4;
        }

        var time = services.GetRequiredService<TimeProvider>();
        await using var scope = services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<XentreeDbContext>();
        if (await context.Users.AnyAsync(u => u.UsernameKey == Username, cancellation))
        {
            Console.WriteLine($"The demo learner is there already: log in as {Username} with the password «{Password}».");
            return 0;
        }

        var now = time.Now;
        var firstDay = now.InZone(DateTimeZoneProviders.Tzdb[Zone]).Date.PlusDays(-Days);
        var registeredAt = firstDay.At(new LocalTime(8, 0)).InZoneLeniently(DateTimeZoneProviders.Tzdb[Zone]).ToInstant();
        var user = await RegisterAsync(context, time, registeredAt, cancellation);
        var learning = scope.ServiceProvider.GetRequiredService<LearningWrites>();

        // Always the same year: a learner who is regular on weekdays, rests at weekends and had two weeks off in summer.
        var random = new Random(365);
        for (var day = 0; day < Days; day++)
        {
            var date = firstDay.PlusDays(day);
            var isRest = date.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;
            var isHoliday = day is >= 200 and < 214;
            var minutes = random.Next(8, 35);
            var hour = random.Next(7, 21);
            if (isHoliday || random.NextDouble() < (isRest ? 0.45 : 0.06)) continue;

            var start = date.At(new LocalTime(hour, random.Next(0, 60))).InZoneLeniently(DateTimeZoneProviders.Tzdb[Zone]).ToInstant();
            if (start + Duration.FromMinutes(minutes) >= now) continue;
            await LearnAsync(context, learning, time, user, start, minutes, cancellation);
        }

        Console.WriteLine($"The demo learner has a year of history: log in as {Username} with the password «{Password}».");
        return 0;
    }

    private static async Task<User> RegisterAsync(XentreeDbContext context, TimeProvider time, Instant registeredAt, CancellationToken cancellation)
    {
        var user = new User
        {
            Id = time.NewId(),
            Username = Username,
            UsernameKey = Username,
            Email = "demo@example.org",
            EmailKey = "demo@example.org",
            PasswordHash = "",
            FullName = "Demo Learner",
            Timezone = Zone,
            Language = "en",
            CreatedAt = registeredAt,
            UpdatedAt = registeredAt,
        };
        user.PasswordHash = new PasswordHasher<User>().HashPassword(user, Password);
        context.Users.Add(user);
        context.Learners.Add(new LearnerRow { UserId = user.Id, RegisteredAt = registeredAt, RegisteredZone = Zone });
        await context.SaveChangesAsync(cancellation);
        return user;
    }

    private static async Task LearnAsync(
        XentreeDbContext context, LearningWrites learning, TimeProvider time, User user, Instant start, int minutes, CancellationToken cancellation)
    {
        var conversation = new Conversation
        {
            Id = time.NewId(),
            UserId = user.Id,
            Title = "Practice",
            Provider = "auto",
            CreatedAt = start,
            UpdatedAt = start,
        };
        context.Conversations.Add(conversation);
        await context.SaveChangesAsync(cancellation);
        context.ChangeTracker.Clear();
        for (var minute = 0; minute <= minutes; minute++)
        {
            var at = start + Duration.FromMinutes(minute);
            var kind = minute == 0 ? SignalKind.Start : minute == minutes ? SignalKind.End : SignalKind.Activity;
            await learning.RecordSignalAsync(user.Id, conversation.Id, kind, at, at, cancellation);
        }
    }
}
